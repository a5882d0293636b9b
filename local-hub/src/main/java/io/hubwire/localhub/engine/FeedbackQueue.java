package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A queue of records for the back end, shared by competing receivers over AMQP and HTTPS: the hub has one for feedback and
 * one for notices of uploaded files (amqp 7, service-rest 13.4 and 13.5).
 */
public interface FeedbackQueue {
    /**
     * A locked batch.
     *
     * @param records of feedback each {@code {"originalMessageId","deviceId","deviceGenerationId","enqueuedTimeUtc",
     *     "statusCode","description"}}; of files each {@code {"deviceId","blobUri","blobName","lastUpdatedTime",
     *     "blobSizeInBytes","enqueuedTimeUtc"}}
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
