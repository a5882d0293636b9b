package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.Malformed;

/** The tail that all answers share: {@code {status}/?{parameters}}. */
record StatusLevel(int status, TopicQuery query) {
    private static final String STATUS_RULE = "the status must be a 32-bit decimal integer";

    static StatusLevel read(String what, String topic, int from) {
        int end = topic.indexOf('/', from);
        if (end < 0) {
            throw Malformed.at(what, topic, topic.length(), "the status ends with '/'");
        }
        String status = topic.substring(from, end);
        try {
            if (TopicText.isDecimal(status)) {
                return new StatusLevel(Integer.parseInt(status), new TopicQuery(what, topic, end + 1));
            }
        } catch (NumberFormatException tooLong) {
            throw Malformed.at(what, topic, from, STATUS_RULE);
        }
        throw Malformed.at(what, topic, from, STATUS_RULE);
    }
}
