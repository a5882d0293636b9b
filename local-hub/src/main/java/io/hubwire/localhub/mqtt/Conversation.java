package io.hubwire.localhub.mqtt;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A connection that was let in: what its packets mean. PUBLISH, SUBSCRIBE and UNSUBSCRIBE come one after another, on a
 * thread that may be blocked for as long as the engine takes; the rest comes from the connection's event loop, beside them.
 */
public interface Conversation {
    /**
     * Begins, before CONNACK leaves. Must not block.
     *
     * @param ready told, once and from any thread, when CONNACK may leave, and whether a stored session was found (the
     *     session-present bit)
     */
    void open(Consumer<Boolean> ready);

    /** Whether a PUBLISH at QoS 2 is to be treated as one at QoS 1; else it comes as it is. Must not block. */
    default boolean acknowledgesQos2() {
        return false;
    }

    /** From how many messages at QoS 1 that wait for their PUBACK on the connection is not read. Must not block. */
    default int telemetryWindow() {
        return 65_535;
    }

    /** CONNACK has been written: deliveries may start. Must not block. */
    void accepted();

    /**
     * A PUBLISH arrived.
     *
     * @param safe to be run exactly once if the answer is {@link PublishDecision.Taken}, from any thread, when the message
     *     will not be lost any more: the PUBACK leaves then
     */
    PublishDecision published(IncomingPublish packet, Runnable safe);

    /** A SUBSCRIBE arrived. @param filters with the QoS asked for */
    SubscribeDecision subscribing(Map<String, Integer> filters);

    /** The SUBACK has been written. Must not block. */
    void subscribed();

    /** An UNSUBSCRIBE arrived. */
    void unsubscribed(List<String> filters);

    /** A PUBACK arrived; the id may be one never sent. Must not block. */
    void acknowledged(int packetId);

    /** The client reads again, after {@link Link#backlog} was above 0. Must not block. */
    void writable();

    /** The connection is gone. Must not block. @param graceful whether the client sent DISCONNECT */
    void closed(boolean graceful);
}
