package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Malformed;

/** What all topics have in common. */
final class TopicText {
    private TopicText() {}

    /** MQTT 3.1.1, 3.3.2.1: a PUBLISH topic has no wildcards. */
    static void requireNoWildcard(String what, String topic) {
        for (int i = 0; i < topic.length(); i++) {
            char c = topic.charAt(i);
            if (c == '+' || c == '#') {
                throw Malformed.at(what, topic, i, "a PUBLISH topic must not contain a wildcard");
            }
        }
    }

    /**
     * A request id goes into the topic as it is, since the other side echoes it unread. So it must not end the parameter
     * nor break the topic.
     */
    static String requestId(String requestId) {
        if (requestId.isEmpty()) {
            throw new InvalidInputException("request id [] is empty; it must have at least one character");
        }
        for (int i = 0; i < requestId.length(); i++) {
            if ("&#+\0".indexOf(requestId.charAt(i)) >= 0) {
                throw new InvalidInputException("request id [" + requestId + "] has a character at position " + (i + 1)
                        + " that a topic cannot carry; use letters, digits and '-'");
            }
        }
        return requestId;
    }

    /** An optional minus sign and at least one ASCII digit. */
    static boolean isDecimal(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        return text.length() > start && text.substring(start).chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
