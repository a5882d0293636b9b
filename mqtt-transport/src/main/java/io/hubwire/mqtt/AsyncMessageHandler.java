package io.hubwire.mqtt;

import java.util.concurrent.CompletionStage;

/**
 * Handles cloud-to-device messages elsewhere. Called on the client's callback thread, for the next message without waiting
 * for this one. The hub hears that a message is done when its stage and those of all that came before it have completed,
 * since MQTT wants acknowledgements in the order of arrival; completing exceptionally, or throwing, is failing as with
 * {@link MessageHandler}, and holds nothing up.
 */
@FunctionalInterface
public interface AsyncMessageHandler {
    CompletionStage<?> handle(ReceivedMessage message) throws Exception;
}
