package io.hubwire.mqtt;

/**
 * What a client does when the hub refuses its token (CONNACK 5). MQTT gives no reason, but the hub's HTTPS endpoint gives
 * the time, and a clock that goes wrong is one of the reasons.
 */
public enum ClockCheck {
    /** Asks nobody; the refusal is judged by this clock alone. */
    OFF,
    /** Asks for the hub's time, within five seconds, and reports by how much this clock is off. */
    REPORT,
    /**
     * As {@link #REPORT}; and when the token had ended by the hub's clock, tries once more with a token made for that
     * clock. Only the life of tokens follows the hub's time, not the expiry of messages.
     */
    CORRECT
}
