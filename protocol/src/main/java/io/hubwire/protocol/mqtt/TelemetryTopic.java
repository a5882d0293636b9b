package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.PropertyBag;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.Optional;

/**
 * Topics of device-to-cloud telemetry, {@code devices/{d}/messages/events/{bag}} and
 * {@code devices/{d}/modules/{m}/messages/events/{bag}}. Source: "Communicate with IoT Hub using MQTT", section on
 * sending device-to-cloud messages; mqtt-device 2.1.
 */
public final class TelemetryTopic {
    private static final String EVENTS = "/messages/events";

    private TelemetryTopic() {}

    /** The topic for one message of this sender; a module's output name travels as a system property. */
    public static String format(Identity sender, Message message) {
        return format(sender, PropertyBag.of(message));
    }

    public static String format(Identity sender, PropertyBag properties) {
        return sender.resource() + EVENTS + "/" + properties.format();
    }

    /**
     * Reads a topic a device published. The slash after {@code events} may be missing, and one more may follow the bag:
     * official SDKs send both.
     *
     * @return empty when the topic belongs to another feature
     * @throws RemoteProtocolException for a wildcard, a broken id or a broken bag
     */
    public static Optional<DeviceToHub.Telemetry> parse(String topic) {
        return ResourcePath.find(topic, EVENTS).map(path -> {
            TopicText.requireNoWildcard("telemetry topic", topic);
            int bag = Math.min(path.end() + 1, topic.length());
            return new DeviceToHub.Telemetry(
                    path.identity("telemetry topic", topic), PropertyBag.parsePublished(topic, bag));
        });
    }
}
