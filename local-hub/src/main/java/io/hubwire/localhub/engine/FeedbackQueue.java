package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The hub's one feedback queue, shared by competing receivers over AMQP and HTTPS (amqp 7, service-rest 13.4). */
public interface FeedbackQueue {
    /**
     * A locked batch.
     *
     * @param records each as {@code {"originalMessageId","deviceId","deviceGenerationId","enqueuedTimeUtc","statusCode",
     *     "description"}}
     */
    record Batch(String lockToken, List<ObjectNode> records, Instant enqueuedTime) {}

    /** Adds one record; called by the engine itself. */
    void add(ObjectNode record);

    /** Locks the records that are there, at most {@code max} (1 to 64), for 60 s. */
    Optional<Batch> next(int max);

    /**
     * Done.
     *
     * @throws HubException 412002
     */
    void complete(String lockToken);

    /**
     * Back into the queue.
     *
     * @throws HubException 412002
     */
    void abandon(String lockToken);

    /**
     * Dropped.
     *
     * @throws HubException 412002
     */
    void reject(String lockToken);

    /**
     * Runs after each record added or given back.
     *
     * @return ends it when closed
     */
    AutoCloseable onAvailable(Runnable listener);
}
