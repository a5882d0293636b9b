package io.hubwire.mqtt;

/** Hears of desired properties, each version once and in order. Runs on the client's callback thread. */
@FunctionalInterface
public interface DesiredHandler {
    void handle(DesiredUpdate update) throws Exception;
}
