package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.PropertyBag;
import io.hubwire.protocol.RemoteProtocolException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What topics, filters and user names mean, in words: for {@code hubwire explain} and {@code --trace}. Never fails; a
 * broken text is explained up to the break, which is named. Pure.
 */
public final class Explanation {
    private Explanation() {}

    /**
     * A piece of what was explained. The texts of all parts, joined, are the original.
     *
     * @param text never empty
     * @param meaning one phrase, without a full stop
     */
    public record Part(String text, String meaning) {}

    /** Every part of a PUBLISH topic of hub or DPS, or of a filter one subscribes to. */
    public static List<Part> topic(String topic) {
        return isFilter(topic) ? TopicParts.filter(topic) : TopicParts.topic(topic);
    }

    /** Every part of the user name of a CONNECT to hub or DPS. */
    public static List<Part> userName(String userName) {
        return UserNameParts.of(userName);
    }

    /** A topic or filter in one phrase: {@code telemetry of device d1, message-id=1}. */
    public static String summary(String topic) {
        return isFilter(topic) ? filterSummary(topic) : topicSummary(topic);
    }

    private static boolean isFilter(String topic) {
        return topic.indexOf('#') >= 0 || topic.indexOf('+') >= 0;
    }

    static String filterSummary(String filter) {
        return switch (filter) {
            case MethodTopic.FILTER -> "direct methods";
            case TwinTopic.RESPONSE_FILTER -> "answers to twin requests";
            case TwinTopic.DESIRED_FILTER -> "changes of desired properties";
            case DpsTopic.FILTER -> "answers of DPS";
            default ->
                filter.endsWith("/messages/devicebound/#")
                        ? "cloud-to-device messages"
                        : filter.endsWith("/inputs/#")
                                ? "messages to a module's inputs"
                                : filter.matches("devices/[^/]+/modules/[^/]+/#")
                                        ? "all messages to a module"
                                        : "no filter the hub serves";
        };
    }

    /** What a hub may send comes first: a device may not send everything under the same prefix. */
    private static String topicSummary(String topic) {
        try {
            return hubToDevice(HubToDevice.parse(topic))
                    .or(() -> DpsTopic.parseResponse(topic).map(Explanation::dpsResponse))
                    .or(() -> deviceToHub(DeviceToHub.parse(topic)))
                    .or(() -> DpsTopic.parseRequest(topic).map(Explanation::dpsRequest))
                    .orElse("no topic of hub or DPS");
        } catch (RemoteProtocolException e) {
            return "malformed: " + e.getMessage();
        }
    }

    private static Optional<String> deviceToHub(DeviceToHub topic) {
        if (topic instanceof DeviceToHub.Telemetry t) {
            return Optional.of("telemetry of " + who(t.sender()) + properties(t.properties()));
        }
        if (topic instanceof DeviceToHub.TwinGet t) {
            return Optional.of("read the twin, request " + t.requestId());
        }
        if (topic instanceof DeviceToHub.TwinReport t) {
            return Optional.of("change reported properties"
                    + (t.requestId() == null ? ", no answer wanted" : ", request " + t.requestId())
                    + (t.baseVersion() == null ? "" : ", only on version " + t.baseVersion()));
        }
        return topic instanceof DeviceToHub.MethodResponse t
                ? Optional.of("direct method answered with status " + t.status() + ", request " + t.requestId())
                : Optional.empty();
    }

    private static Optional<String> hubToDevice(HubToDevice topic) {
        if (topic instanceof HubToDevice.CloudToDevice t) {
            return Optional.of("cloud-to-device message for " + who(t.receiver()) + properties(t.properties()));
        }
        if (topic instanceof HubToDevice.ModuleInput t) {
            return Optional.of(
                    "message to input " + t.input() + " of " + who(t.receiver()) + properties(t.properties()));
        }
        if (topic instanceof HubToDevice.MethodRequest t) {
            return Optional.of("call of direct method " + t.method() + ", request " + t.requestId());
        }
        if (topic instanceof HubToDevice.TwinResponse t) {
            return Optional.of("twin answer with status " + t.status() + ", request " + t.requestId()
                    + (t.version() == null ? "" : ", version " + t.version()));
        }
        return topic instanceof HubToDevice.DesiredChange t
                ? Optional.of("desired properties changed to version " + t.version())
                : Optional.empty();
    }

    private static String dpsResponse(DpsTopic.Response response) {
        Duration wait = response.retryAfter();
        return "DPS answer with status " + response.status() + ", request " + response.requestId()
                + (wait == null ? "" : ", ask again in " + wait.toSeconds() + " s");
    }

    private static String dpsRequest(DpsTopic.Request request) {
        return request instanceof DpsTopic.Poll poll
                ? "ask DPS about operation " + poll.operationId() + ", request " + poll.requestId()
                : "register with DPS, request " + request.requestId();
    }

    private static String who(Identity identity) {
        return (identity.isModule() ? "module " : "device ") + identity;
    }

    private static String properties(PropertyBag bag) {
        Message message = bag.toMessage(new byte[0]);
        StringBuilder out = new StringBuilder();
        message.system()
                .forEach((name, value) ->
                        out.append(", ").append(name.eventName()).append('=').append(value));
        message.properties()
                .forEach((name, value) ->
                        out.append(", ").append(name).append('=').append(value));
        return out.toString();
    }
}
