package io.hubwire.localhub.mqtt;

/** The return codes of CONNACK. Source: MQTT 3.1.1, table 3.1; when the hub uses which: mqtt-device 1.6. */
public enum ConnackCode {
    ACCEPTED,
    UNACCEPTABLE_PROTOCOL_VERSION,
    IDENTIFIER_REJECTED,
    /** Also a disabled device and a user name that cannot be read: clients retry. */
    SERVER_UNAVAILABLE,
    /** Never sent by the hub, but understood by every SDK. */
    BAD_USER_NAME_OR_PASSWORD,
    /** Also an unknown device and a client id that is not the user name's. */
    NOT_AUTHORIZED;

    /** The code on the wire, 0 to 5. */
    public int number() {
        return ordinal();
    }
}
