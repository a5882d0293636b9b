package io.hubwire.cli.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import io.hubwire.cli.context.MessageOptions;
import io.hubwire.cli.context.Pace;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.cli.output.Failure;
import io.hubwire.mqtt.IotHubClient;
import io.hubwire.mqtt.SendConfirmation;
import io.hubwire.mqtt.Transport;
import io.hubwire.mqtt.Twin;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a device does, once: send, twin. What runs on has a class of its own. */
@Command(
        name = "device",
        mixinStandardHelpOptions = true,
        description = "Be a device: send, simulate, listen, twin, upload.")
public final class DeviceCommand extends CommandFamily {
    /** Which way to the hub. */
    enum Via {
        mqtt("mqtt"),
        mqttWs("mqtt-ws"),
        http("http");

        private final String text;

        Via(String text) {
            this.text = text;
        }

        /** As typed. */
        @Override
        public String toString() {
            return text;
        }
    }

    private final CliContext context;

    public DeviceCommand(CliContext context) {
        this.context = context;
    }

    /** This family with its members. */
    public static picocli.CommandLine with(CliContext context) {
        return new picocli.CommandLine(new DeviceCommand(context))
                .addSubcommand(new DeviceSimulate(context))
                .addSubcommand(new DeviceListen(context))
                .addSubcommand(new DeviceUpload(context));
    }

    @Command(
            name = "send",
            mixinStandardHelpOptions = true,
            description = "Send telemetry over MQTT or HTTPS.",
            footer = {
                "",
                "Example: hubwire device send -d device1 '{\"windSpeed\":12}' -p alert=false --count 3",
                "Example: hubwire device send - --batch --via http < events.jsonl"
            })
    int send(
            @Parameters(paramLabel = "BODY|-", description = "- reads standard input.") String body,
            @Mixin WhichDevice which,
            @Option(
                            names = {"-m", "--module"},
                            paramLabel = "MODULE",
                            description = "A module of the device; with -d.")
                    @Nullable
                    String module,
            @Mixin MessageOptions options,
            @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "Default 1.") int count,
            @Option(
                            names = "--interval",
                            paramLabel = "D",
                            defaultValue = "0s",
                            description = "Between messages. Default 0s.")
                    Duration interval,
            @Option(
                            names = "--via",
                            paramLabel = "mqtt|mqtt-ws|http",
                            defaultValue = "mqtt",
                            description = "mqtt-ws is MQTT in a WebSocket, for networks that let only HTTPS out.")
                    Via via,
            @Option(
                            names = "--batch",
                            description =
                                    "With - and --via http: each line of standard input is a message; they go in batches.")
                    boolean batch)
            throws InterruptedException {
        if (count < 1) {
            throw new InvalidInputException("--count [" + count + "] must be at least 1");
        }
        if (batch && (via != Via.http || !body.equals("-"))) {
            throw new InvalidInputException("--batch needs - for the body, and --via http; MQTT has no batches");
        }
        if (via == Via.http) {
            HttpTelemetry telemetry = new HttpTelemetry(context, which.target(context, module));
            return batch
                    ? telemetry.sendLines(options)
                    : telemetry.send(
                            options.message(context.argumentOrInput(body)).build(), count, interval);
        }
        Message message = options.message(context.argumentOrInput(body)).build();
        Pace pace = new Pace();
        Transport transport = via == Via.mqttWs ? Transport.WEB_SOCKET : Transport.TCP;
        try (IotHubClient device = which.open(context, module, transport)) {
            device.blocking().connect();
            ExitCode exit = ExitCode.DONE;
            for (int i = 0; i < count; i++) {
                SendConfirmation<Integer> confirmation = join(device.send(message, i));
                exit = report(confirmation) ? exit : exitOf(confirmation);
                if (i + 1 < count && !interval.isZero()) {
                    pace.pause(interval);
                }
            }
            return exit.code();
        }
    }

    @Command(
            name = "twin",
            mixinStandardHelpOptions = true,
            description = "Show the twin as the device sees it, or report properties first.",
            footer = {"", "Example: hubwire device twin -d device1 --report '{\"interval\":5}'"})
    int twin(
            @Mixin WhichDevice which,
            @Option(
                            names = {"-m", "--module"},
                            paramLabel = "MODULE",
                            description = "A module of the device; with -d.")
                    @Nullable
                    String module,
            @Option(names = "--report", paramLabel = "JSON|-", description = "Merged into the reported properties.")
                    @Nullable
                    String report) {
        try (IotHubClient device = which.open(context, module, Transport.TCP)) {
            device.blocking().connect();
            if (report != null) {
                device.blocking().report(new String(context.argumentOrInput(report), StandardCharsets.UTF_8));
            }
            Twin twin = device.blocking().twin();
            ObjectNode document = Json.object();
            document.set("desired", section(twin.desired()));
            document.set("reported", section(twin.reported()));
            context.terminal().document(document);
            return 0;
        }
    }

    private static ObjectNode section(Twin.Section section) {
        return Json.parseObject("twin", section.json()).put("$version", section.version());
    }

    private boolean report(SendConfirmation<Integer> confirmation) {
        HubwireException failure = confirmation.failure();
        var result = confirmation.result();
        long millis = result == null ? 0 : result.duration().toMillis();
        String id = confirmation.message().messageId().orElse(null);
        if (context.json()) {
            ObjectNode line = Json.object()
                    .put("messageId", id)
                    .put("ok", confirmation.ok())
                    .put("millis", millis);
            if (failure != null) {
                line.set("error", Failure.of(failure).json().get("error"));
            }
            context.terminal().jsonLine(line);
        } else if (failure == null) {
            context.terminal()
                    .line("sent " + (confirmation.context() + 1) + (id == null ? "" : " [" + id + "]")
                            + ", acknowledged in " + millis + " ms");
        }
        if (failure != null) {
            context.terminal().note(Failure.of(failure).line());
        }
        return failure == null;
    }

    private static ExitCode exitOf(SendConfirmation<Integer> confirmation) {
        HubwireException failure = confirmation.failure();
        return failure == null ? ExitCode.DONE : ExitCode.of(failure.code());
    }

    private static <T> T join(java.util.concurrent.CompletableFuture<T> stage) {
        try {
            return stage.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw e;
        }
    }
}
