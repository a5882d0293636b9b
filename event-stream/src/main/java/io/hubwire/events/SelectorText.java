package io.hubwire.events;

import io.hubwire.protocol.InvalidInputException;

/** Selectors as the official client writes them. Source: amqp 4.2. */
final class SelectorText {
    private SelectorText() {}

    static String of(StartPosition position) {
        if (position instanceof StartPosition.Earliest) {
            return form("x-opt-offset", false, "-1");
        }
        if (position instanceof StartPosition.Latest) {
            return form("x-opt-offset", false, "@latest");
        }
        if (position instanceof StartPosition.AtOffset at) {
            if (at.offset().indexOf('\'') >= 0) {
                throw new InvalidInputException(
                        "offset [" + at.offset() + "] has a quote in it; offsets come from events");
            }
            return form("x-opt-offset", at.inclusive(), at.offset());
        }
        if (position instanceof StartPosition.AtSequenceNumber at) {
            return form("x-opt-sequence-number", at.inclusive(), Long.toString(at.number()));
        }
        if (position instanceof StartPosition.AfterTime after) {
            return form("x-opt-enqueued-time", false, Long.toString(after.time().toEpochMilli()));
        }
        throw new IllegalStateException("no selector for [" + position + "]");
    }

    private static String form(String annotation, boolean inclusive, String value) {
        return "amqp.annotation." + annotation + (inclusive ? " >= '" : " > '") + value + "'";
    }
}
