package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.RemoteProtocolException;
import java.util.List;

/** Explains user names part by part. */
final class UserNameParts {
    private UserNameParts() {}

    static List<Explanation.Part> of(String userName) {
        PartsBuilder parts = new PartsBuilder(userName);
        try {
            if (DpsUserName.parse(userName).isPresent()) {
                parts.takeUntil("/", "the id scope of the DPS instance");
                parts.take("/registrations/", "the client wants to register");
                parts.takeUntil("/", "the registration id, also the client id");
                parts.take("/", "the parameters follow, without '?' at DPS");
            } else {
                MqttUserName read = MqttUserName.parse(userName);
                parts.takeUntil("/", "the hub's host name, even through a gateway");
                parts.take("/", "the device follows");
                parts.takeUntil("/", "the device id, never percent-encoded");
                if (read.identity().isModule()) {
                    parts.take("/", "the module follows");
                    parts.takeUntil("/", "the module id, never percent-encoded");
                }
                if (!parts.take("/?", "the parameters follow")) {
                    parts.take("/", "the parameters follow, in the form of before 2018");
                }
            }
            parts.pairs("", UserNameParts::parameter);
        } catch (RemoteProtocolException e) {
            parts.rest("malformed: " + e.getMessage());
        }
        return parts.build();
    }

    private static String parameter(String name, String value) {
        return switch (name) {
            case "api-version" -> "version of the service's interface";
            case "DeviceClientType", "ClientVersion" -> "what the device says about its software: [" + value + "]";
            case "model-id" -> "the Plug and Play model it follows: [" + value + "]";
            case "auth-chain" -> "the nested Edge devices it comes through: [" + value + "]";
            default -> "unknown, ignored";
        };
    }
}
