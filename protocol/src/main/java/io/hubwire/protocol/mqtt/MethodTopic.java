package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Malformed;
import io.hubwire.protocol.PercentEncoding;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.Optional;

/**
 * Topics of direct methods, the same for devices and modules: {@code $iothub/methods/POST/{method}/?$rid={rid}} and the
 * answer {@code $iothub/methods/res/{status}/?$rid={rid}}. Source: "Understand and invoke direct methods from IoT Hub",
 * section on MQTT; mqtt-device 4.
 */
public final class MethodTopic {
    /** What a device subscribes to; while it holds this filter it counts as online for methods. */
    public static final String FILTER = "$iothub/methods/POST/#";

    private static final String REQUEST = "$iothub/methods/POST/";
    private static final String RESPONSE = "$iothub/methods/res/";
    /** Legal in a method name and harmless in a topic. Few clients decode the name, so these travel bare. */
    private static final String BARE_IN_NAME = "!&'*^`|";

    private MethodTopic() {}

    /**
     * The topic of a call. Characters outside the documented set for method names are percent-encoded.
     *
     * @param requestId opaque; the service counts from 1 in lower-case hex for each connection
     * @throws InvalidInputException for an empty method name or a request id that a topic cannot carry
     */
    public static String formatRequest(String method, String requestId) {
        if (method.isEmpty()) {
            throw new InvalidInputException("method name [] is empty; it must have at least one character");
        }
        return REQUEST + PercentEncoding.encode(method, BARE_IN_NAME) + "/?$rid=" + TopicText.requestId(requestId);
    }

    /**
     * Reads the topic of a call: the device's side.
     *
     * @return empty when the topic belongs to another feature
     * @throws RemoteProtocolException when the name or {@code $rid} is missing
     */
    public static Optional<HubToDevice.MethodRequest> parseRequest(String topic) {
        if (!topic.startsWith(REQUEST)) {
            return Optional.empty();
        }
        String what = "method topic";
        int end = topic.indexOf('/', REQUEST.length());
        if (end < 0) {
            throw Malformed.at(what, topic, topic.length(), "the method name ends with '/'");
        }
        if (end == REQUEST.length()) {
            throw Malformed.at(what, topic, end, "the method name must not be empty");
        }
        String method = PercentEncoding.decode(topic.substring(REQUEST.length(), end));
        return Optional.of(new HubToDevice.MethodRequest(method, new TopicQuery(what, topic, end + 1).requestId()));
    }

    /**
     * The topic of an answer.
     *
     * @param status the device's own, any 32-bit integer; by custom an HTTP status
     * @param requestId as it came in the call
     */
    public static String formatResponse(int status, String requestId) {
        return RESPONSE + status + "/?$rid=" + TopicText.requestId(requestId);
    }

    /**
     * Reads the topic of an answer: the hub's side.
     *
     * @return empty when the topic belongs to another feature
     * @throws RemoteProtocolException when the status is not a 32-bit integer or {@code $rid} is missing
     */
    public static Optional<DeviceToHub.MethodResponse> parseResponse(String topic) {
        if (!topic.startsWith(RESPONSE)) {
            return Optional.empty();
        }
        StatusLevel status = StatusLevel.read("method response topic", topic, RESPONSE.length());
        return Optional.of(
                new DeviceToHub.MethodResponse(status.status(), status.query().requestId()));
    }
}
