package io.hubwire.localhub.mqtt;

/** What the hub says to a SUBSCRIBE. */
public sealed interface SubscribeDecision {
    /** Each filter is granted with the lower of its QoS and 1. */
    record Granted() implements SubscribeDecision {}

    /** Cut the connection; MQTT 3.1.1 has no way to say why. @param reason for the log */
    record Closed(String reason) implements SubscribeDecision {}
}
