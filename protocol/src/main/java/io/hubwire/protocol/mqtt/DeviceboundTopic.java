package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.PropertyBag;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.SystemProperty;
import java.util.Optional;

/**
 * Topics of cloud-to-device messages, {@code devices/{d}/messages/devicebound/{bag}}, and the filter for them. The form
 * for modules, {@code devices/{d}/modules/{m}/messages/devicebound/{bag}}, is unofficial but works on the live service.
 * Source: "Communicate with IoT Hub using MQTT", section on receiving cloud-to-device messages; mqtt-device 3.1.
 */
public final class DeviceboundTopic {
    private static final String DEVICEBOUND = "/messages/devicebound";

    private DeviceboundTopic() {}

    /** What a device or module subscribes to. */
    public static String filter(Identity receiver) {
        return receiver.resource() + DEVICEBOUND + "/#";
    }

    /** The value of {@code $.to}, whose spelling differs from the topic's: {@code /devices/{d}/messages/deviceBound}. */
    public static String to(Identity receiver) {
        return "/" + receiver.resource() + "/messages/deviceBound";
    }

    /** The topic for one message. Adds {@code $.to} if absent: two official SDKs cannot read a bag without it. */
    public static String format(Identity receiver, Message message) {
        Message addressed = message.system().containsKey(SystemProperty.TO)
                ? message
                : message.toBuilder().system(SystemProperty.TO, to(receiver)).build();
        return format(receiver, PropertyBag.of(addressed));
    }

    /** The topic with exactly these properties. */
    public static String format(Identity receiver, PropertyBag properties) {
        return receiver.resource() + DEVICEBOUND + "/" + properties.format();
    }

    /**
     * Reads a topic the hub published, tolerantly.
     *
     * @return empty when the topic belongs to another feature
     * @throws RemoteProtocolException for a broken id
     */
    public static Optional<HubToDevice.CloudToDevice> parse(String topic) {
        return ResourcePath.find(topic, DEVICEBOUND).map(path -> {
            int bag = Math.min(path.end() + 1, topic.length());
            return new HubToDevice.CloudToDevice(
                    path.identity("C2D topic", topic), PropertyBag.parseDelivered(topic, bag));
        });
    }
}
