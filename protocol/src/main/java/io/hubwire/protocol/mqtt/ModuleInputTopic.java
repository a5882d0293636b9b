package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Malformed;
import io.hubwire.protocol.PercentEncoding;
import io.hubwire.protocol.PropertyBag;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.Optional;

/**
 * Topics of messages an Edge hub routes to a module, {@code devices/{d}/modules/{m}/inputs/{input}/{bag}}. Source:
 * edgehub-api.md of Azure/iotedge; mqtt-device 3.3.
 */
public final class ModuleInputTopic {
    private static final String INPUTS = "/inputs";
    /** Few clients decode the name, so what a topic can carry travels bare. */
    private static final String BARE_IN_NAME = "!$&'()*,:;=@";

    private ModuleInputTopic() {}

    /** What a module subscribes to. */
    public static String filter(Identity module) {
        return requireModule(module).resource() + INPUTS + "/#";
    }

    /** The wider filter that the C and C# SDKs use for the same purpose. */
    public static String wideFilter(Identity module) {
        return requireModule(module).resource() + "/#";
    }

    /**
     * The topic for one message.
     *
     * @throws InvalidInputException for an empty input name or a receiver that is no module
     */
    public static String format(Identity module, String input, PropertyBag properties) {
        if (input.isEmpty()) {
            throw new InvalidInputException("input name [] is empty; it must have at least one character");
        }
        return requireModule(module).resource() + INPUTS + "/" + PercentEncoding.encode(input, BARE_IN_NAME) + "/"
                + properties.format();
    }

    /**
     * Reads a topic an Edge hub published, tolerantly.
     *
     * @return empty when the topic belongs to another feature
     * @throws RemoteProtocolException for a broken id or a missing input name
     */
    public static Optional<HubToDevice.ModuleInput> parse(String topic) {
        return ResourcePath.find(topic, INPUTS)
                .filter(path -> path.module() != null)
                .map(path -> {
                    String what = "module input topic";
                    int start = Math.min(path.end() + 1, topic.length());
                    int slash = topic.indexOf('/', start);
                    int end = slash < 0 ? topic.length() : slash;
                    if (end == start) {
                        throw Malformed.at(what, topic, start, "the input name must not be empty");
                    }
                    return new HubToDevice.ModuleInput(
                            path.identity(what, topic),
                            PercentEncoding.decode(topic.substring(start, end)),
                            PropertyBag.parseDelivered(topic, Math.min(end + 1, topic.length())));
                });
    }

    private static Identity requireModule(Identity identity) {
        if (!identity.isModule()) {
            throw new InvalidInputException("[" + identity + "] is a device; only modules have inputs");
        }
        return identity;
    }
}
