package io.hubwire.localhub.mqtt;

/** What the hub says to a CONNECT. */
public sealed interface ConnectDecision {
    /** Come in. */
    record Accepted(Conversation conversation) implements ConnectDecision {}

    /** @param reason for the log; MQTT 3.1.1 has no words for the client */
    record Refused(ConnackCode code, String reason) implements ConnectDecision {}
}
