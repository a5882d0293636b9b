package io.hubwire.mqtt;

import java.util.concurrent.CompletableFuture;

/**
 * Handles cloud-to-device messages. Runs on the client's callback thread. The hub hears that a message is done when this
 * has returned; when it throws, the message stays in the hub's queue and comes again, up to {@link
 * ClientOptions#maxDeliveries} times.
 */
@FunctionalInterface
public interface MessageHandler {
    void handle(ReceivedMessage message) throws Exception;

    /** The same, as one that may end later but never does. */
    default AsyncMessageHandler async() {
        return message -> {
            handle(message);
            return CompletableFuture.completedStage(null);
        };
    }
}
