package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.Malformed;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters at the end of a topic, {@code ?$rid=1&$version=3}. The order is never assumed, unknown names are
 * ignored, names are read in any case, the first of equal names counts, values stay as they are on the wire.
 */
final class TopicQuery {
    private static final String RID = "$rid";

    private final String what;
    private final String topic;
    private final int start;
    private final Map<String, Integer> valueStarts = new HashMap<>();

    /**
     * @param what for complaints
     * @param start index of the {@code ?}, or the topic's end when there are no parameters
     */
    TopicQuery(String what, String topic, int start) {
        this.what = what;
        this.topic = topic;
        this.start = start;
        TopicText.requireNoWildcard(what, topic);
        if (start < topic.length() && topic.charAt(start) != '?') {
            throw Malformed.at(what, topic, start, "parameters begin with '?'");
        }
        for (int at = start + 1; at < topic.length(); ) {
            int end = pairEnd(at);
            String pair = topic.substring(at, end);
            int equals = pair.indexOf('=');
            if (equals > 0) {
                valueStarts.putIfAbsent(pair.substring(0, equals).toLowerCase(Locale.ROOT), at + equals + 1);
            }
            at = end + 1;
        }
    }

    private int pairEnd(int from) {
        int end = topic.indexOf('&', from);
        return end < 0 ? topic.length() : end;
    }

    /** The value, or null when the parameter is absent or empty. */
    @Nullable
    String get(String name) {
        Integer at = valueStarts.get(name.toLowerCase(Locale.ROOT));
        if (at == null) {
            return null;
        }
        String value = topic.substring(at, pairEnd(at));
        return value.isEmpty() ? null : value;
    }

    /** The request id, or null when absent. */
    @Nullable
    String requestIdOrNull() {
        return get(RID);
    }

    /** The request id, never empty. */
    String requestId() {
        return required(RID);
    }

    String required(String name) {
        String value = get(name);
        if (value == null) {
            throw Malformed.at(what, topic, topic.length(), "it needs the parameter " + name);
        }
        return value;
    }

    /** A decimal integer, or null when the parameter is absent. */
    @Nullable
    Long numberOrNull(String name) {
        return get(name) == null ? null : number(name);
    }

    /** A decimal integer that must be there. */
    long number(String name) {
        String value = required(name);
        try {
            if (TopicText.isDecimal(value)) {
                return Long.parseLong(value);
            }
        } catch (NumberFormatException tooLong) {
            throw notANumber(name);
        }
        throw notANumber(name);
    }

    private RemoteProtocolException notANumber(String name) {
        int at = valueStarts.getOrDefault(name, start);
        return Malformed.at(what, topic, at, name + " must be a 64-bit decimal integer");
    }
}
