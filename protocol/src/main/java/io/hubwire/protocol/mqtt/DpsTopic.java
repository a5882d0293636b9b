package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.Malformed;
import io.hubwire.protocol.PercentEncoding;
import io.hubwire.protocol.RemoteProtocolException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Topics of device registration with DPS.
 *
 * <pre>
 * register $dps/registrations/PUT/iotdps-register/?$rid={rid}
 * poll     $dps/registrations/GET/iotdps-get-operationstatus/?$rid={rid}&amp;operationId={op}
 * response $dps/registrations/res/{status}/?$rid={rid}[&amp;retry-after={seconds}]
 * </pre>
 *
 * Source: "Communicate with DPS using the MQTT protocol"; mqtt-device 6.
 */
public final class DpsTopic {
    /** What a device subscribes to before it registers. */
    public static final String FILTER = "$dps/registrations/res/#";

    private static final String REGISTRATIONS = "$dps/registrations/";
    private static final String REGISTER = "$dps/registrations/PUT/iotdps-register/";
    private static final String POLL = "$dps/registrations/GET/iotdps-get-operationstatus/";
    private static final String RESPONSE = "$dps/registrations/res/";
    private static final String OPERATION_ID = "operationId";
    private static final String RETRY_AFTER = "retry-after";

    private DpsTopic() {}

    /** What a device can ask. */
    public sealed interface Request {
        /** As on the wire, never empty; echo it unchanged. */
        String requestId();
    }

    /** Register me; the body names the registration id. */
    public record Register(String requestId) implements Request {}

    /**
     * How far is my registration?
     *
     * @param operationId opaque, decoded, never empty
     */
    public record Poll(String requestId, String operationId) implements Request {}

    /**
     * An answer; the body is the registration or an error.
     *
     * @param status 200, 202, or an error
     * @param requestId as the device sent it
     * @param retryAfter how long to wait before the next request, not negative, whole seconds; null when not told
     */
    public record Response(
            int status, String requestId, @Nullable Duration retryAfter) {}

    public static String formatRegister(String requestId) {
        return REGISTER + "?$rid=" + TopicText.requestId(requestId);
    }

    public static String formatPoll(String requestId, String operationId) {
        return POLL + "?$rid=" + TopicText.requestId(requestId) + "&operationId=" + PercentEncoding.encode(operationId);
    }

    /**
     * Reads what a device asks: the service's side.
     *
     * @return empty when the topic is not of DPS
     * @throws RemoteProtocolException for any other path under {@code $dps/registrations/} or a missing parameter
     */
    public static Optional<Request> parseRequest(String topic) {
        if (!topic.startsWith(REGISTRATIONS)) {
            return Optional.empty();
        }
        String what = "DPS topic";
        if (topic.startsWith(REGISTER)) {
            return Optional.of(new Register(new TopicQuery(what, topic, REGISTER.length()).requestId()));
        }
        if (topic.startsWith(POLL)) {
            TopicQuery query = new TopicQuery(what, topic, POLL.length());
            return Optional.of(new Poll(query.requestId(), PercentEncoding.decode(query.required(OPERATION_ID))));
        }
        throw Malformed.at(
                what,
                topic,
                REGISTRATIONS.length(),
                "a device may send PUT/iotdps-register/ or GET/iotdps-get-operationstatus/ only");
    }

    /**
     * The topic of an answer.
     *
     * @param retryAfter not negative, sent in whole seconds; null to leave it out
     */
    public static String formatResponse(int status, String requestId, @Nullable Duration retryAfter) {
        String wait = retryAfter == null ? "" : "&retry-after=" + retryAfter.toSeconds();
        return RESPONSE + status + "/?$rid=" + TopicText.requestId(requestId) + wait;
    }

    /**
     * Reads an answer: the device's side. A retry-after that is no number of seconds counts as absent, since a wrong hint
     * must not end a registration.
     *
     * @return empty when the topic is not an answer of DPS
     * @throws RemoteProtocolException when the status is no number or {@code $rid} is missing
     */
    public static Optional<Response> parseResponse(String topic) {
        if (!topic.startsWith(RESPONSE)) {
            return Optional.empty();
        }
        StatusLevel level = StatusLevel.read("DPS response topic", topic, RESPONSE.length());
        return Optional.of(new Response(
                level.status(), level.query().requestId(), seconds(level.query().get(RETRY_AFTER))));
    }

    private static @Nullable Duration seconds(@Nullable String text) {
        boolean digits = text != null && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Duration.ofSeconds(Integer.parseInt(text)) : null;
    }
}
