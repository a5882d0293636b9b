package io.hubwire.cli.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.cli.output.MessageJson;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.IotHubClient;
import io.hubwire.mqtt.MessageHandler;
import io.hubwire.mqtt.MethodResponse;
import io.hubwire.mqtt.ModuleClient;
import io.hubwire.mqtt.Transport;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what comes down: C2D, methods, desired patches. */
@Command(
        name = "listen",
        mixinStandardHelpOptions = true,
        description = "Print C2D messages, method calls and desired properties as they come.",
        footer = {
            "",
            "Ends after the N-th item has been acknowledged (exit 0), or at the time-out: exit 3 when --count is",
            "unmet, else 0.",
            "Example: hubwire device listen -d device1 --count 1 --timeout 30s"
        })
final class DeviceListen implements Callable<Integer> {
    private static final long FOREVER_DAYS = 365;

    private final CliContext context;

    @Mixin
    private WhichDevice which = new WhichDevice();

    @Option(
            names = {"-m", "--module"},
            paramLabel = "MODULE",
            description = "A module of the device; with -d.")
    private @Nullable String module;

    @Option(names = "--count", paramLabel = "N", description = "End after so many items.")
    private @Nullable Integer count;

    @Option(names = "--timeout", paramLabel = "D", description = "End after this time.")
    private @Nullable Duration timeout;

    DeviceListen(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch wanted = new CountDownLatch(count == null ? Integer.MAX_VALUE : count);
        try (IotHubClient device = which.open(context, module, Transport.TCP)) {
            onMessage(device, received -> {
                ObjectNode item = item("c2d");
                MessageJson.addTo(item, received.message());
                print(
                        item,
                        "C2D " + MessageJson.bodyText(received.message()) + "  "
                                + MessageJson.propertiesText(received.message()));
                wanted.countDown();
            });
            device.onAnyMethod(request -> {
                ObjectNode item = item("method").put("name", request.name());
                JsonNode payload = request.payload().isEmpty() ? null : Json.parse("method payload", request.payload());
                item.set("payload", payload);
                item.put("status", 200);
                print(item, "method " + request.name() + " " + request.payload());
                wanted.countDown();
                return CompletableFuture.completedFuture(MethodResponse.of(200));
            });
            AtomicBoolean caughtUp = new AtomicBoolean();
            device.onDesired(update -> {
                if (update.complete() && !caughtUp.getAndSet(true)) {
                    return; // what stood there before is no news
                }
                ObjectNode item = item("desired").put("version", update.version());
                item.set("patch", Json.parseObject("desired properties", update.json()));
                print(item, "desired, version " + update.version() + ": " + update.json());
                wanted.countDown();
            });
            device.blocking().connect();
            boolean met = timeout == null
                    ? wanted.await(FOREVER_DAYS, TimeUnit.DAYS)
                    : wanted.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (met) {
                // its answer comes through the callback thread, so behind the acknowledgement of the last item
                device.blocking().twin();
            }
            return met || count == null ? ExitCode.DONE.code() : ExitCode.UNREACHABLE.code();
        }
    }

    private static void onMessage(IotHubClient client, MessageHandler handler) {
        if (client instanceof DeviceClient device) {
            device.onMessage(handler);
        } else if (client instanceof ModuleClient module) {
            module.onMessage(handler);
        }
    }

    private ObjectNode item(String kind) {
        return Json.object()
                .put("kind", kind)
                .put("time", context.clock().instant().toString());
    }

    private void print(ObjectNode item, String text) {
        if (context.json()) {
            context.terminal().jsonLine(item);
        } else {
            context.terminal().line(text);
        }
    }
}
