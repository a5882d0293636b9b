package io.hubwire.events;

/**
 * How far a partition has been worked through.
 *
 * @param offset of the last event done, opaque text
 * @param sequenceNumber of the last event done, from 0
 */
public record Checkpoint(String offset, long sequenceNumber) {
    /** After this event. */
    public static Checkpoint of(Event event) {
        return new Checkpoint(event.offset(), event.sequenceNumber());
    }

    /** Where reading goes on. */
    public StartPosition next() {
        return StartPosition.afterSequenceNumber(sequenceNumber);
    }
}
