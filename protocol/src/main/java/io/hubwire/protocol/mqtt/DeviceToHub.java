package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.Identity;
import io.hubwire.protocol.PropertyBag;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Everything a device or module can publish to a hub, as its topic says it. Bodies stay with the caller. */
public sealed interface DeviceToHub {
    /**
     * One telemetry message.
     *
     * @param sender whom the topic names; the hub compares it with the connection's identity
     */
    record Telemetry(Identity sender, PropertyBag properties) implements DeviceToHub {}

    /** A request about the sender's own twin. */
    sealed interface TwinRequest extends DeviceToHub {}

    /**
     * Asks for the whole twin.
     *
     * @param requestId as on the wire, never empty, possibly percent-encoded; echo it unchanged
     */
    record TwinGet(String requestId) implements TwinRequest {}

    /**
     * A patch of the reported properties.
     *
     * @param requestId as on the wire; null when the device wants no answer
     * @param baseVersion the version the patch must meet, or null for any
     */
    record TwinReport(@Nullable String requestId, @Nullable Long baseVersion) implements TwinRequest {}

    /**
     * The answer to a direct method.
     *
     * @param status the device's own, any 32-bit integer
     * @param requestId as on the wire, never empty
     */
    record MethodResponse(int status, String requestId) implements DeviceToHub {}

    /** A topic that is not the hub's language. */
    record Unrecognized(String topic) implements DeviceToHub {}

    /**
     * Reads the topic of a PUBLISH a device sent.
     *
     * @throws RemoteProtocolException when the topic is one of the hub's, but broken; the hub closes the connection
     */
    static DeviceToHub parse(String topic) {
        return TelemetryTopic.parse(topic)
                .<DeviceToHub>map(Function.identity())
                .or(() -> TwinTopic.parseRequest(topic))
                .or(() -> MethodTopic.parseResponse(topic))
                .orElseGet(() -> new Unrecognized(topic));
    }
}
