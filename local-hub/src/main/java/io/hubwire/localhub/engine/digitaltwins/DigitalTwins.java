package io.hubwire.localhub.engine.digitaltwins;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.DirectMethods;
import io.hubwire.localhub.engine.DirectMethods.Call;
import io.hubwire.localhub.engine.DirectMethods.Result;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.Twins;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Digital twins of devices. Thread-safe. Source: service-rest 11. */
public final class DigitalTwins {
    private final Twins twins;
    private final DirectMethods methods;

    /** A view of these twins. */
    public DigitalTwins(Twins twins, DirectMethods methods) {
        this.twins = twins;
        this.methods = methods;
    }

    /**
     * A digital twin and its tag, which is the twin's.
     *
     * @param etag without quotes
     */
    public record Tagged(ObjectNode digitalTwin, String etag) {}

    /**
     * A device's digital twin; {@code $model} is empty when the device announced none.
     *
     * @throws HubException 404001
     */
    public Tagged get(Identity device) {
        return tagged(twins.get(device));
    }

    /**
     * Asks for other values of writable properties, by JSON Patch.
     *
     * @throws HubException 404001, 412001, 400004
     */
    public Tagged patch(Identity device, ArrayNode operations, ETagMatch ifMatch) {
        ObjectNode body = Json.object();
        body.putObject("properties").set("desired", DesiredPatch.of(operations, twins.get(device)));
        return tagged(twins.patch(device, body, ifMatch));
    }

    /**
     * Invokes a command: the method {@code command}, or {@code component*command}.
     *
     * @param payload a JSON value in UTF-8, or no bytes
     * @return as {@link DirectMethods#invoke}
     */
    public CompletableFuture<Result> command(
            Identity device,
            Optional<String> component,
            String command,
            byte[] payload,
            Duration responseTimeout,
            Duration connectTimeout) {
        String method = component.map(c -> c + "*").orElse("") + command;
        return methods.invoke(device, new Call(method, payload, responseTimeout, connectTimeout));
    }

    private static Tagged tagged(ObjectNode twin) {
        return new Tagged(DigitalTwinView.of(twin), twin.path("etag").asText());
    }
}
