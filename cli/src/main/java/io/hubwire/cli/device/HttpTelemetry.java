package io.hubwire.cli.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.connect.Targets.DeviceTarget;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.MessageOptions;
import io.hubwire.cli.context.Pace;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.devicehttp.HttpDeviceClient;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Limits;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Telemetry over HTTPS: one request a message, or one a batch. */
final class HttpTelemetry {
    /** What one answer is waited for; a batch of more does not arrive sooner. */
    private static final int MAX_BATCH = 500;

    private final CliContext context;
    private final DeviceTarget target;

    HttpTelemetry(CliContext context, DeviceTarget target) {
        this.context = context;
        this.target = target;
    }

    /** Ends with the first that the hub refuses. */
    int send(Message message, int count, Duration interval) throws InterruptedException {
        Pace pace = new Pace();
        try (HttpDeviceClient device = context.clients().deviceOverHttp(target)) {
            for (int i = 0; i < count; i++) {
                Instant start = context.clock().instant();
                device.blocking().send(message);
                report(message.messageId().orElse(null), 1, start);
                if (i + 1 < count && !interval.isZero()) {
                    pace.pause(interval);
                }
            }
            return ExitCode.DONE.code();
        }
    }

    /** Each line of standard input is a message; empty lines are none. A batch is full at 256 KB or 500 messages. */
    int sendLines(MessageOptions options) {
        try (HttpDeviceClient device = context.clients().deviceOverHttp(target);
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(context.input(), StandardCharsets.UTF_8))) {
            List<Message> batch = new ArrayList<>();
            int size = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isBlank()) {
                    continue;
                }
                Message message =
                        options.message(line.getBytes(StandardCharsets.UTF_8)).build();
                if (size + message.meteredSize() > Limits.TELEMETRY_BYTES || batch.size() == MAX_BATCH) {
                    flush(device, batch);
                    size = 0;
                }
                batch.add(message);
                size += message.meteredSize();
            }
            flush(device, batch);
            return ExitCode.DONE.code();
        } catch (IOException e) {
            throw new TransportException(ErrorCode.STORAGE_FAILED, "standard input cannot be read", e);
        }
    }

    private void flush(HttpDeviceClient device, List<Message> batch) {
        if (batch.isEmpty()) {
            return;
        }
        Instant start = context.clock().instant();
        device.blocking().sendBatch(batch);
        report(null, batch.size(), start);
        batch.clear();
    }

    private void report(@Nullable String messageId, int messages, Instant start) {
        long millis = Duration.between(start, context.clock().instant()).toMillis();
        if (context.json()) {
            ObjectNode line =
                    Json.object().put("messageId", messageId).put("ok", true).put("millis", millis);
            if (messages > 1) {
                line.put("messages", messages);
            }
            context.terminal().jsonLine(line);
        } else {
            context.terminal()
                    .line("sent " + messages + (messageId == null ? "" : " [" + messageId + "]") + ", stored in "
                            + millis + " ms");
        }
    }
}
