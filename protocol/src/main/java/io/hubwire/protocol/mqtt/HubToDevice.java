package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.Identity;
import io.hubwire.protocol.PropertyBag;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Everything a hub can publish to a device or module, as its topic says it. Bodies stay with the caller. */
public sealed interface HubToDevice {
    /** A cloud-to-device message. */
    record CloudToDevice(Identity receiver, PropertyBag properties) implements HubToDevice {}

    /**
     * A message that an Edge hub routed to a module.
     *
     * @param input the input's name, decoded, never empty
     */
    record ModuleInput(Identity receiver, String input, PropertyBag properties) implements HubToDevice {}

    /**
     * A direct method call.
     *
     * @param method decoded, never empty; {@code component*command} for Plug and Play
     * @param requestId opaque, never empty; echo it unchanged. The service counts in hex: do not read it as a number
     */
    record MethodRequest(String method, String requestId) implements HubToDevice {}

    /**
     * The answer to a twin request.
     *
     * @param status HTTP-style: 200 to a get, 204 to a report, 400, 412, 429 and so on
     * @param requestId as the device sent it, never empty
     * @param version the new version of the reported properties after a 204, otherwise usually null
     */
    record TwinResponse(
            int status, String requestId, @Nullable Long version) implements HubToDevice {}

    /**
     * The back end changed desired properties; the body is the patch.
     *
     * @param version of the desired properties after the change
     */
    record DesiredChange(long version) implements HubToDevice {}

    /** A topic this version does not know. Kept, so that it can be logged and counted. */
    record Unrecognized(String topic) implements HubToDevice {}

    /**
     * Reads the topic of a PUBLISH a hub sent.
     *
     * @throws RemoteProtocolException when the topic is one of the hub's, but broken
     */
    static HubToDevice parse(String topic) {
        return DeviceboundTopic.parse(topic)
                .<HubToDevice>map(Function.identity())
                .or(() -> ModuleInputTopic.parse(topic))
                .or(() -> MethodTopic.parseRequest(topic))
                .or(() -> TwinTopic.parseResponse(topic))
                .or(() -> TwinTopic.parseDesired(topic))
                .orElseGet(() -> new Unrecognized(topic));
    }
}
