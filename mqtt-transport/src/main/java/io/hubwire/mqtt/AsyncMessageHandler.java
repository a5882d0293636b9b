package io.hubwire.mqtt;

import java.util.concurrent.CompletionStage;

/**
 * Handles cloud-to-device messages elsewhere. Called on the client's callback thread. The hub hears that a message is
 * done when the stage has completed; completing exceptionally, or throwing, is failing as with {@link MessageHandler}.
 */
@FunctionalInterface
public interface AsyncMessageHandler {
    CompletionStage<?> handle(ReceivedMessage message) throws Exception;
}
