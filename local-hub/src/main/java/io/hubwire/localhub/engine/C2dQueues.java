package io.hubwire.localhub.engine;

import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import java.time.Instant;
import java.util.Optional;

/**
 * Cloud-to-device queues, one an identity, shared by MQTT, device HTTPS and AMQP (mqtt-device 3.2, device-http): at most
 * 50 messages, Enqueued, Invisible while locked, then Completed or Dead lettered; feedback as the sender asked.
 */
public interface C2dQueues {
    /**
     * A message on its way to a device.
     *
     * @param lockToken names this delivery; good until {@code lockedUntil}
     * @param sequenceNumber rises by one a message of this queue
     * @param deliveryCount abandons so far, from 0
     * @param redelivered whether it was handed out before: DUP=1 on MQTT
     */
    record Delivery(
            String lockToken,
            long sequenceNumber,
            int deliveryCount,
            boolean redelivered,
            Message message,
            Instant enqueuedTime,
            Instant lockedUntil) {}

    /**
     * Queues a message and tells the identity's session. The hub adds {@code $.to} and the default expiry.
     *
     * @throws HubException 404001, 404010, 403004 queue full, 413001 over 65,536 bytes, 403009 expiry, 400004
     */
    void enqueue(Identity target, Message message);

    /**
     * Locks the first deliverable message for 60 s.
     *
     * @param owner whoever holds the lock: a session or a request; {@link #release} gives back all it holds
     * @param notBefore messages queued earlier are passed over and stay; {@link Instant#MIN} takes any
     */
    Optional<Delivery> next(Identity identity, Object owner, Instant notBefore);

    /**
     * Done; feedback Success if asked.
     *
     * @throws HubException 412002 foreign, stale or expired lock
     */
    void complete(Identity identity, String lockToken);

    /**
     * Back into the queue, delivery count + 1.
     *
     * @throws HubException 412002
     */
    void abandon(Identity identity, String lockToken);

    /**
     * Dead lettered; feedback Rejected if asked.
     *
     * @throws HubException 412002
     */
    void reject(Identity identity, String lockToken);

    /** Gives back, without counting, everything this owner has locked; the next delivery is a redelivery. */
    void release(Identity identity, Object owner);

    /**
     * Empties the queue; feedback Purged if asked.
     *
     * @return how many messages went
     * @throws HubException 404001
     */
    int purge(Identity identity);

    /** Messages queued or locked. */
    int pending(Identity identity);
}
