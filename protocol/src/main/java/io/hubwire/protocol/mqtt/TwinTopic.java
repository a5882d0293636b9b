package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.Malformed;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Topics of the twin, the same for devices and modules. The {@code /} before {@code ?} is part of each.
 *
 * <pre>
 * get      $iothub/twin/GET/?$rid={rid}
 * report   $iothub/twin/PATCH/properties/reported/?$rid={rid}[&amp;$version={base}]
 * response $iothub/twin/res/{status}/?$rid={rid}[&amp;$version={new}]
 * desired  $iothub/twin/PATCH/properties/desired/?$version={new}
 * </pre>
 *
 * Source: "Communicate with IoT Hub using MQTT", sections on retrieving and updating twin properties; mqtt-device 5.
 */
public final class TwinTopic {
    /** What a device subscribes to before it asks; an answer without this subscription is lost. */
    public static final String RESPONSE_FILTER = "$iothub/twin/res/#";
    /** What a device subscribes to for changes of desired properties. */
    public static final String DESIRED_FILTER = "$iothub/twin/PATCH/properties/desired/#";

    private static final String TWIN = "$iothub/twin/";
    private static final String GET = "$iothub/twin/GET/";
    private static final String REPORT = "$iothub/twin/PATCH/properties/reported/";
    private static final String DESIRED = "$iothub/twin/PATCH/properties/desired/";
    private static final String RESPONSE = "$iothub/twin/res/";
    private static final String VERSION = "$version";

    private TwinTopic() {}

    /**
     * The topic that asks for the whole twin.
     *
     * @param requestId letters, digits and {@code -}; comes back in the response
     */
    public static String formatGet(String requestId) {
        return GET + "?$rid=" + TopicText.requestId(requestId);
    }

    /**
     * The topic of a patch of the reported properties.
     *
     * @param requestId letters, digits and {@code -}; comes back in the response
     * @param baseVersion the version of the reported properties the patch must meet (otherwise 412), or null for any
     */
    public static String formatReport(String requestId, @Nullable Long baseVersion) {
        return REPORT + "?$rid=" + TopicText.requestId(requestId) + version(baseVersion);
    }

    /**
     * Reads what a device asks of its twin: the hub's side.
     *
     * @return empty when the topic is not about the twin
     * @throws RemoteProtocolException for any other verb or path under {@code $iothub/twin/}, and for a get without
     *     {@code $rid}; the hub closes the connection
     */
    public static Optional<DeviceToHub.TwinRequest> parseRequest(String topic) {
        if (!topic.startsWith(TWIN)) {
            return Optional.empty();
        }
        String what = "twin topic";
        if (topic.startsWith(GET)) {
            return Optional.of(new DeviceToHub.TwinGet(new TopicQuery(what, topic, GET.length()).requestId()));
        }
        if (topic.startsWith(REPORT)) {
            TopicQuery query = new TopicQuery(what, topic, REPORT.length());
            return Optional.of(new DeviceToHub.TwinReport(query.requestIdOrNull(), query.numberOrNull(VERSION)));
        }
        throw Malformed.at(what, topic, TWIN.length(), "a device may send GET/ or PATCH/properties/reported/ only");
    }

    /**
     * The topic of an answer.
     *
     * @param status 200 to a get, 204 to a report, or an error
     * @param requestId as it came
     * @param version of the reported properties after a report, or null
     */
    public static String formatResponse(int status, String requestId, @Nullable Long version) {
        return RESPONSE + status + "/?$rid=" + TopicText.requestId(requestId) + version(version);
    }

    /**
     * Reads an answer: the device's side.
     *
     * @return empty when the topic belongs to another feature
     * @throws RemoteProtocolException when the status or version is no number or {@code $rid} is missing
     */
    public static Optional<HubToDevice.TwinResponse> parseResponse(String topic) {
        if (!topic.startsWith(RESPONSE)) {
            return Optional.empty();
        }
        StatusLevel level = StatusLevel.read("twin response topic", topic, RESPONSE.length());
        return Optional.of(new HubToDevice.TwinResponse(
                level.status(), level.query().requestId(), level.query().numberOrNull(VERSION)));
    }

    /**
     * The topic that tells of a change.
     *
     * @param version of the desired properties after the change; the body repeats it
     */
    public static String formatDesired(long version) {
        return DESIRED + "?$version=" + version;
    }

    /**
     * Reads the notice of a change: the device's side.
     *
     * @return empty when the topic belongs to another feature
     * @throws RemoteProtocolException when {@code $version} is missing or no number
     */
    public static Optional<HubToDevice.DesiredChange> parseDesired(String topic) {
        if (!topic.startsWith(DESIRED)) {
            return Optional.empty();
        }
        TopicQuery query = new TopicQuery("desired properties topic", topic, DESIRED.length());
        return Optional.of(new HubToDevice.DesiredChange(query.number(VERSION)));
    }

    /** Always behind {@code $rid}: two official SDKs read the parameters by position. */
    private static String version(@Nullable Long version) {
        return version == null ? "" : "&$version=" + version;
    }
}
