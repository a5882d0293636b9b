package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.AccessControl.DeviceAccess;
import io.hubwire.localhub.engine.EventLog;
import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Limits;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.http.EventBatch;
import io.hubwire.protocol.http.HttpMessageForm;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Telemetry of devices and modules, single and in batches. Source: device-http 2. */
final class Telemetry implements Resource {
    private final EventLog events;
    private final DeviceApi api;

    Telemetry(EventLog events, DeviceApi api) {
        this.events = events;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                api.route("POST", "/devices/{deviceId}/messages/events", this::send),
                api.route("POST", "/devices/{deviceId}/modules/{moduleId}/messages/events", this::send));
    }

    /** Answered when all of it is stored. A batch is taken as a whole or not at all, and its messages are metered together. */
    private CompletionStage<HttpAnswer> send(HttpCall call, DeviceAccess device) {
        List<Message> messages = EventBatch.isBatch(call.header("Content-Type").orElse(""))
                ? EventBatch.parse(call.body())
                : List.of(HttpMessageForm.EVENT.message(call.headers(), call.body()));
        int size = messages.stream().mapToInt(Message::meteredSize).sum();
        if (size > Limits.TELEMETRY_BYTES) {
            throw new HubException(
                    HubError.MESSAGE_TOO_LARGE,
                    "The message is too large: " + size + " bytes with its properties; the limit is "
                            + Limits.TELEMETRY_BYTES);
        }
        Map<String, Object> annotations = Map.of(
                "iothub-connection-auth-method", device.authMethod(),
                "iothub-connection-auth-generation-id", device.generationId());
        CompletableFuture<?>[] stored = messages.stream()
                .map(message -> {
                    CompletableFuture<Void> durable = new CompletableFuture<>();
                    events.append(new Incoming(device.identity(), message, annotations), () -> durable.complete(null));
                    return durable;
                })
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(stored).thenApply(done -> HttpAnswer.empty(204));
    }
}
