package io.hubwire.protocol.trace;

/**
 * Sees every packet, request and answer of a client or of the hub, decoded and with secrets masked before it gets here.
 * Called on I/O threads: return quickly, never throw, never block. Implementations are thread-safe.
 */
@FunctionalInterface
public interface WireTrace {
    /** Which way, as seen by the one who reports. */
    enum Direction {
        OUT,
        IN
    }

    /** Sees nothing; the default everywhere. */
    WireTrace NONE = event -> {};

    /**
     * One packet, request or answer.
     *
     * @param direction as seen by the reporter
     * @param protocol {@code MQTT}, {@code HTTPS} or {@code AMQP}
     * @param kind the packet's or frame's name, or method and path: {@code PUBLISH}, {@code PUT /devices/d1}
     * @param summary decoded fields on one line, secrets masked; no line breaks
     */
    record Event(Direction direction, String protocol, String kind, String summary) {}

    void seen(Event event);
}
