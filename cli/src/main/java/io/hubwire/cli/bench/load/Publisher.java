package io.hubwire.cli.bench.load;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client that sends telemetry at QoS 1, one message like the other. Used by one thread. */
public interface Publisher extends AutoCloseable {
    /** Connects and waits for it; at most once. */
    void connect() throws Exception;

    /**
     * Starts to send one message.
     *
     * @param done hears when the hub has acknowledged it (null) or that it failed, on any thread
     */
    void publish(Consumer<@Nullable Throwable> done) throws Exception;

    /** Sends one message and waits until the hub has acknowledged it. */
    void publishAndWait() throws Exception;

    @Override
    void close();
}
