package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.SystemProperty;
import java.util.List;

/** Explains topics and filters part by part. */
final class TopicParts {
    private static final String ID_STOPS = "/";

    private TopicParts() {}

    static List<Explanation.Part> topic(String topic) {
        PartsBuilder parts = new PartsBuilder(topic);
        if (parts.take("devices/", "about one device")) {
            device(parts, topic);
        } else if (parts.take("$iothub/methods/POST/", "call of a direct method, hub to device")) {
            parts.takeUntil(ID_STOPS, "the method's name");
            parameters(parts);
        } else if (parts.take("$iothub/methods/res/", "answer to a direct method, device to hub")) {
            parts.takeUntil(ID_STOPS, "the status the device gives");
            parameters(parts);
        } else if (parts.take("$iothub/twin/GET/", "the device asks for its twin")
                || parts.take("$iothub/twin/PATCH/properties/reported/", "the device changes its reported properties")
                || parts.take("$iothub/twin/PATCH/properties/desired/", "the hub tells of changed desired properties")
                || parts.take("$dps/registrations/PUT/iotdps-register/", "the device asks DPS to register it")
                || parts.take("$dps/registrations/GET/iotdps-get-operationstatus/", "the device asks how far it is")) {
            parameters(parts);
        } else if (parts.take("$iothub/twin/res/", "answer to a twin request, hub to device")
                || parts.take("$dps/registrations/res/", "answer of DPS to the device")) {
            parts.takeUntil(ID_STOPS, "the HTTP-style status");
            parameters(parts);
        }
        parts.rest("not the language of hub or DPS");
        return parts.build();
    }

    private static void device(PartsBuilder parts, String topic) {
        parts.takeUntil(ID_STOPS, "the device id, never percent-encoded");
        if (parts.take("/modules/", "about one module of the device")) {
            parts.takeUntil(ID_STOPS, "the module id, never percent-encoded");
        }
        if (parts.take("/messages/events/", "telemetry, device to cloud")
                || parts.take("/messages/events", "telemetry, device to cloud")) {
            publishedBag(parts, topic);
        } else if (parts.take("/messages/devicebound/", "message from cloud to device")) {
            bag(parts, "");
        } else if (parts.take("/inputs/", "message that an Edge hub routed to the module")) {
            parts.takeUntil(ID_STOPS, "the input's name");
            parts.take("/", "the properties follow");
            bag(parts, "");
        }
    }

    private static void publishedBag(PartsBuilder parts, String topic) {
        try {
            TelemetryTopic.parse(topic);
            bag(parts, "/");
            parts.rest("ignored: a slash ends the properties");
        } catch (RemoteProtocolException e) {
            parts.rest("malformed: " + e.getMessage());
        }
    }

    private static void bag(PartsBuilder parts, String stops) {
        parts.pairs(stops, (name, value) -> SystemProperty.byMqttKey(name)
                .map(system -> "system property " + system.eventName() + " = [" + value + "]")
                .orElseGet(() -> "application property [" + name + "] = [" + value + "]"));
    }

    private static void parameters(PartsBuilder parts) {
        parts.take("/?", "the parameters follow");
        parts.take("?", "the parameters follow");
        parts.pairs("", (name, value) -> switch (name) {
            case "$rid" -> "request id: the answer repeats it";
            case "$version" -> "version of the properties";
            case "operationId" -> "the operation that the register answer named";
            case "retry-after" -> "wait this many seconds before asking again";
            default -> "unknown, ignored";
        });
    }

    static List<Explanation.Part> filter(String filter) {
        PartsBuilder parts = new PartsBuilder(filter);
        if (parts.take("devices/", "about one device")) {
            parts.takeUntil(ID_STOPS, filter.startsWith("devices/+") ? "whichever device this is" : "the device id");
            if (parts.take("/modules/", "about one module of the device")) {
                parts.takeUntil(ID_STOPS, "the module id");
            }
        }
        String wanted = Explanation.filterSummary(filter);
        parts.takeUntil("#", wanted);
        parts.take("#", "whatever follows");
        parts.rest("nothing may follow '#'");
        return parts.build();
    }
}
