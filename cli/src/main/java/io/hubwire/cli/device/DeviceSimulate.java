package io.hubwire.cli.device;

import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.Pace;
import io.hubwire.cli.output.Failure;
import io.hubwire.cli.output.MessageJson;
import io.hubwire.cli.tutorial.WindSpeed;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.MethodResponse;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The tutorial's wind-speed device: sends, answers methods, reports desired properties back, prints C2D. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "A wind-speed device: telemetry, answers methods, reports desired properties back, prints C2D.",
        footer = {"", "Example: hubwire device simulate -d device1 --interval 500ms --count 20"})
final class DeviceSimulate implements Callable<Integer> {
    private final CliContext context;

    @Mixin
    private WhichDevice which = new WhichDevice();

    @Option(names = "--interval", paramLabel = "D", defaultValue = "1s", description = "Between messages. Default 1s.")
    private Duration interval = Duration.ofSeconds(1);

    @Option(names = "--count", paramLabel = "N", description = "How many messages; without it until Ctrl-C.")
    private @Nullable Integer count;

    DeviceSimulate(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        AtomicInteger received = new AtomicInteger();
        Pace pace = new Pace();
        try (DeviceClient device = which.open(context)) {
            device.onMessage(message -> context.terminal()
                    .line("received C2D " + received.incrementAndGet() + ": " + MessageJson.bodyText(message.message())
                            + "  " + MessageJson.propertiesText(message.message())));
            device.onAnyMethod(request -> {
                context.terminal().line("method " + request.name() + " " + request.payload());
                return java.util.concurrent.CompletableFuture.completedFuture(MethodResponse.ok(
                        Json.write(Json.object().put("method", request.name()).put("done", true))));
            });
            device.onDesired(update -> {
                context.terminal().line("desired, version " + update.version() + ": " + update.json());
                if (Json.parseObject("desired properties", update.json()).size() > 0) {
                    device.report(update.json());
                }
            });
            device.blocking().connect();
            WindSpeed wind = new WindSpeed(device.identity().deviceId(), new SecureRandom());
            context.terminal().line("connected as " + device.identity() + "; Ctrl-C ends it");
            int failed = 0;
            for (int sent = 1; count == null || sent <= count; sent++) {
                Message message = wind.next();
                failed += send(device, message, sent) ? 0 : 1;
                boolean last = count != null && sent == count;
                if (!last && !pace.pause(interval)) {
                    break;
                }
            }
            return failed == 0 ? 0 : 1;
        }
    }

    private boolean send(DeviceClient device, Message message, int number) {
        try {
            long millis = device.blocking().send(message).duration().toMillis();
            context.terminal()
                    .line("sent " + number + ": " + message.text() + "  " + MessageJson.propertiesText(message) + "  ("
                            + millis + " ms)");
            return true;
        } catch (HubwireException e) {
            context.terminal().note(Failure.of(e).line());
            return false;
        }
    }
}
