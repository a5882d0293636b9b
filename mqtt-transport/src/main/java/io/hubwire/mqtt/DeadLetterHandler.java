package io.hubwire.mqtt;

/** Takes note of messages that are given up. Runs on the client's callback thread; the message is gone afterwards. */
@FunctionalInterface
public interface DeadLetterHandler {
    void handle(DeadLetter letter);
}
