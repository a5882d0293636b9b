package io.hubwire.localhub.mqtt;

/** What the hub says to a PUBLISH. */
public sealed interface PublishDecision {
    /** Taken; the PUBACK goes out when the message is safe. */
    record Taken() implements PublishDecision {}

    /** Cut the connection without PUBACK; MQTT 3.1.1 has no way to say why. @param reason for the log */
    record Closed(String reason) implements PublishDecision {}
}
