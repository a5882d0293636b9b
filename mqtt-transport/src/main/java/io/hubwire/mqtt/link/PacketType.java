package io.hubwire.mqtt.link;

/** The packet types of MQTT 3.1.1 by their number on the wire. Source: MQTT 3.1.1 section 2.2.1. */
public enum PacketType {
    RESERVED_0,
    CONNECT,
    CONNACK,
    PUBLISH,
    PUBACK,
    PUBREC,
    PUBREL,
    PUBCOMP,
    SUBSCRIBE,
    SUBACK,
    UNSUBSCRIBE,
    UNSUBACK,
    PINGREQ,
    PINGRESP,
    DISCONNECT,
    RESERVED_15;

    private static final PacketType[] BY_NUMBER = values();

    /** By the first byte of a packet, whose upper half it is. */
    static PacketType of(byte first) {
        return BY_NUMBER[(first >> 4) & 0x0f];
    }

    /** Whether a server may send it to a client that uses QoS 0 and 1 only. */
    boolean fromServer() {
        return switch (this) {
            case CONNACK, PUBLISH, PUBACK, SUBACK, UNSUBACK, PINGRESP -> true;
            default -> false;
        };
    }
}
