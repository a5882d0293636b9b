package io.hubwire.cli.backend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import io.hubwire.cli.context.MessageOptions;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.ServiceClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Cloud-to-device messages from the back end. */
@Command(
        name = "c2d",
        mixinStandardHelpOptions = true,
        description = "Send cloud-to-device messages, read feedback, purge, receive.")
public final class C2dCommand extends CommandFamily {
    /** Which feedback is wanted. */
    enum Ack {
        none,
        positive,
        negative,
        full
    }

    /** Which way to the hub. */
    enum Via {
        http,
        amqp
    }

    private static final Duration FEEDBACK_PATIENCE = Duration.ofSeconds(60);

    private final CliContext context;

    public C2dCommand(CliContext context) {
        this.context = context;
    }

    /** This family with its members. */
    public static picocli.CommandLine with(CliContext context) {
        return new picocli.CommandLine(new C2dCommand(context)).addSubcommand(new C2dReceive(context));
    }

    @Command(
            name = "send",
            mixinStandardHelpOptions = true,
            description = "Queue a message for a device.",
            footer = {"", "Example: hubwire c2d send device1 'hello' --ack full --wait-feedback -p urgent=true"})
    int send(
            @Parameters(index = "0", paramLabel = "DEVICE") String device,
            @Parameters(index = "1", paramLabel = "BODY|-") String body,
            @Mixin MessageOptions options,
            @Option(
                            names = "--ack",
                            paramLabel = "none|positive|negative|full",
                            description =
                                    "Which feedback the hub shall give. Default none, or full with --wait-feedback.")
                    @Nullable
                    Ack ack,
            @Option(names = "--expiry", paramLabel = "D", description = "Life of the message. Default: the hub's.")
                    @Nullable
                    Duration expiry,
            @Option(names = "--via", paramLabel = "http|amqp", defaultValue = "http", description = "Default http.")
                    Via via,
            @Option(names = "--wait-feedback", description = "Wait until the device has taken it, at most 60s.")
                    boolean waitFeedback)
            throws InterruptedException {
        DeviceId id = new DeviceId(device);
        Message message = message(options, body, ack, expiry, waitFeedback);
        String messageId = message.messageId().orElse(null);
        try (C2dRoute route = C2dRoute.open(context, via)) {
            warnWhenNeverSubscribed(id);
            Instant start = context.clock().instant();
            route.send(id, message);
            long millis = Duration.between(start, context.clock().instant()).toMillis();
            ObjectNode document =
                    Json.object().put("messageId", messageId).put("ok", true).put("millis", millis);
            Optional<ObjectNode> feedback = Optional.empty();
            if (waitFeedback) {
                feedback = route.awaitFeedback(String.valueOf(messageId), FEEDBACK_PATIENCE);
                feedback.ifPresent(record -> document.set("feedback", record));
            }
            Optional<ObjectNode> record = feedback;
            context.answer(document, () -> {
                context.terminal().line("queued for " + device + (messageId == null ? "" : " [" + messageId + "]"));
                record.ifPresent(r -> context.terminal()
                        .line("feedback " + r.path("statusCode").asText()));
            });
            if (waitFeedback && record.isEmpty()) {
                context.terminal().note("hubwire: no feedback in " + FEEDBACK_PATIENCE.toSeconds() + " s");
                return ExitCode.UNREACHABLE.code();
            }
            return record.isPresent()
                            && !record.get().path("statusCode").asText().equals("Success")
                    ? ExitCode.FAILED.code()
                    : ExitCode.DONE.code();
        }
    }

    @Command(
            name = "feedback",
            mixinStandardHelpOptions = true,
            description = "Read the hub's feedback queue and complete what was read.",
            footer = {"", "Example: hubwire c2d feedback --count 1 --timeout 30s"})
    int feedback(
            @Option(names = "--count", paramLabel = "N", description = "End after so many records.") @Nullable
                    Integer count,
            @Option(
                            names = "--timeout",
                            paramLabel = "D",
                            defaultValue = "10s",
                            description = "End after this time. Default 10s.")
                    Duration timeout,
            @Option(names = "--via", paramLabel = "amqp|http", defaultValue = "amqp", description = "Default amqp.")
                    Via via)
            throws InterruptedException {
        try (C2dRoute route = C2dRoute.open(context, via)) {
            int seen = route.eachFeedback(count == null ? Integer.MAX_VALUE : count, timeout, record -> {
                if (context.json()) {
                    context.terminal().jsonLine(record);
                } else {
                    context.terminal()
                            .line(String.format(
                                    "%s  %-22s %s  %s",
                                    record.path("enqueuedTimeUtc").asText(),
                                    record.path("statusCode").asText(),
                                    record.path("deviceId").asText(),
                                    record.path("originalMessageId").asText()));
                }
            });
            return count != null && seen < count ? ExitCode.UNREACHABLE.code() : ExitCode.DONE.code();
        }
    }

    @Command(
            name = "purge",
            mixinStandardHelpOptions = true,
            description = "Empty a device's queue.",
            footer = {"", "Example: hubwire c2d purge device1"})
    int purge(@Parameters(paramLabel = "DEVICE") String device) {
        try (ServiceClient service = context.clients().service()) {
            int purged = service.c2d().blocking().purge(new DeviceId(device));
            context.answer(
                    Json.object().put("deviceId", device).put("totalMessagesPurged", purged),
                    () -> context.terminal().line("purged " + purged + " messages of " + device));
            return 0;
        }
    }

    private Message message(
            MessageOptions options, String body, @Nullable Ack ack, @Nullable Duration expiry, boolean waitFeedback) {
        Message.Builder message = options.message(context.argumentOrInput(body));
        Ack wanted = ack != null ? ack : waitFeedback ? Ack.full : Ack.none;
        if (waitFeedback && (wanted == Ack.none || wanted == Ack.negative)) {
            throw new InvalidInputException(
                    "--wait-feedback with --ack " + wanted + " would wait for what never comes; use positive or full");
        }
        if (wanted != Ack.none) {
            message.system(SystemProperty.ACK, wanted.name().toLowerCase(Locale.ROOT));
            if (options.messageId() == null) {
                message.messageId(UUID.randomUUID().toString()); // feedback names a message by its id
            }
        }
        if (expiry != null) {
            message.expiry(context.clock().instant().plus(expiry));
        }
        return message.build();
    }

    /** A real hub pushes over MQTT only what was sent after the device's first subscription. */
    private void warnWhenNeverSubscribed(DeviceId id) {
        try (ServiceClient service = context.clients().service()) {
            if (service.registry().blocking().get(id).lastActivityTime().isEmpty()) {
                context.terminal()
                        .note("hubwire: " + id
                                + " has never connected; over MQTT a hub delivers only what is sent after"
                                + " the first subscription, so this waits for HTTPS or AMQP until it expires");
            }
        }
    }
}
