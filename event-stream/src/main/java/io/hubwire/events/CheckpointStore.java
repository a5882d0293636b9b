package io.hubwire.events;

import java.util.Map;

/**
 * Remembers how far a reader got, so that the next one goes on there. Implementations are thread-safe and may block.
 */
public interface CheckpointStore {
    /**
     * The checkpoints of a reader, by partition; empty when there are none.
     *
     * @param scope names the endpoint and the consumer group: {@code host/entity/group}, lower case
     * @throws io.hubwire.protocol.HubwireException STORAGE_FAILED
     */
    Map<String, Checkpoint> load(String scope);

    /** Remembers one. When this returns, {@link #load} finds it, also after a crash. @throws io.hubwire.protocol.HubwireException STORAGE_FAILED */
    void save(String scope, String partition, Checkpoint checkpoint);
}
