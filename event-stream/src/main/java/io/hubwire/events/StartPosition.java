package io.hubwire.events;

import java.time.Instant;

/** Where in a partition reading begins. Source: amqp 4.2. */
public sealed interface StartPosition {
    /** From the first event that is kept. */
    record Earliest() implements StartPosition {}

    /** Only what arrives from now on. */
    record Latest() implements StartPosition {}

    /** @param offset opaque text of an event @param inclusive whether that event itself is wanted */
    record AtOffset(String offset, boolean inclusive) implements StartPosition {}

    /** @param number from 0 @param inclusive whether that event itself is wanted */
    record AtSequenceNumber(long number, boolean inclusive) implements StartPosition {}

    /** Events that arrived after {@code time}, by the service's clock, to the millisecond. */
    record AfterTime(Instant time) implements StartPosition {}

    /** From the first event that is kept. */
    static StartPosition earliest() {
        return new Earliest();
    }

    /** Only what arrives from now on. */
    static StartPosition latest() {
        return new Latest();
    }

    /** After the event with this offset. */
    static StartPosition afterOffset(String offset) {
        return new AtOffset(offset, false);
    }

    /** After the event with this sequence number. */
    static StartPosition afterSequenceNumber(long number) {
        return new AtSequenceNumber(number, false);
    }

    /** Events that arrived after {@code time}, by the service's clock, to the millisecond. */
    static StartPosition after(Instant time) {
        return new AfterTime(time);
    }

    /**
     * The selector that asks for it, {@code amqp.annotation.x-opt-… > '…'}.
     *
     * @throws io.hubwire.protocol.InvalidInputException when an offset has a quote in it
     */
    default String selector() {
        return SelectorText.of(this);
    }
}
