package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.https.Await;
import io.hubwire.https.HttpsResponse;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Devices as their Plug and Play model describes them. Failures as {@link ServiceClient} says. Source: service-rest 11.
 */
public final class DigitalTwins {
    /**
     * A digital twin.
     *
     * @param tree {@code $dtId}, {@code $metadata} and the properties
     * @param etag for {@link DigitalTwins#patch}
     */
    public record DigitalTwin(ObjectNode tree, Optional<String> etag) {
        public DigitalTwin {
            tree = tree.deepCopy();
        }

        @Override
        public ObjectNode tree() {
            return tree.deepCopy();
        }

        /** The model it announced; empty when it is no Plug and Play device. */
        public Optional<String> modelId() {
            return Fields.text(Fields.object(tree, "$metadata"), "$model").filter(id -> !id.isEmpty());
        }

        @Override
        public String toString() {
            return "DigitalTwin[" + tree.path("$dtId").asText() + "]";
        }
    }

    private final ServiceCalls calls;
    private final Blocking blocking = new Blocking();

    DigitalTwins(ServiceCalls calls) {
        this.calls = calls;
    }

    /** The same, waiting. */
    public Blocking blocking() {
        return blocking;
    }

    /** A digital twin. {@code NOT_FOUND} when there is no such device. */
    public CompletableFuture<DigitalTwin> get(DeviceId device) {
        return calls.send(DigitalTwinRequests.get(device))
                .thenApply(answer -> new DigitalTwin(Answers.object("digital twin", answer), answer.etag()));
    }

    /**
     * Changes writable properties.
     *
     * @param jsonPatch an array of operations, RFC 6902
     * @return the new ETag if the service told; the device may take the change later
     * @throws InvalidInputException when {@code jsonPatch} is no JSON array
     */
    public CompletableFuture<Optional<String>> patch(DeviceId device, String jsonPatch, IfMatch condition) {
        return calls.send(DigitalTwinRequests.patch(device, jsonPatch, condition))
                .thenApply(HttpsResponse::etag);
    }

    /** Invokes a command of the root interface; outcomes are those of {@link Methods#invoke}. */
    public CompletableFuture<MethodResult> command(DeviceId device, MethodCall call) {
        return calls.send(DigitalTwinRequests.command(device, Optional.empty(), call))
                .thenApply(DigitalTwins::result);
    }

    /** Invokes a command of a component; outcomes are those of {@link Methods#invoke}. */
    public CompletableFuture<MethodResult> command(DeviceId device, String component, MethodCall call) {
        return calls.send(DigitalTwinRequests.command(device, Optional.of(component), call))
                .thenApply(DigitalTwins::result);
    }

    private static MethodResult result(HttpsResponse answer) {
        String status = answer.header("x-ms-command-statuscode").orElse("");
        if (!status.matches("-?[0-9]{1,9}")) {
            throw new RemoteProtocolException("command result has x-ms-command-statuscode [" + status
                    + "]; it must be the device's status, a whole number");
        }
        String payload = answer.bodyLength() == 0 ? "null" : Json.write(Json.parse("command result", answer.body()));
        return new MethodResult(Integer.parseInt(status), payload);
    }

    /** {@link DigitalTwins}, waiting for each answer; failures are thrown. */
    public final class Blocking {
        private Blocking() {}

        /** @see DigitalTwins#get */
        public DigitalTwin get(DeviceId device) {
            return Await.on(DigitalTwins.this.get(device));
        }

        /** @see DigitalTwins#patch */
        public Optional<String> patch(DeviceId device, String jsonPatch, IfMatch condition) {
            return Await.on(DigitalTwins.this.patch(device, jsonPatch, condition));
        }

        /** @see DigitalTwins#command(DeviceId, MethodCall) */
        public MethodResult command(DeviceId device, MethodCall call) {
            return Await.on(DigitalTwins.this.command(device, call));
        }

        /** @see DigitalTwins#command(DeviceId, String, MethodCall) */
        public MethodResult command(DeviceId device, String component, MethodCall call) {
            return Await.on(DigitalTwins.this.command(device, component, call));
        }
    }
}
