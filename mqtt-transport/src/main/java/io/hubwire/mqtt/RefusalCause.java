package io.hubwire.mqtt;

/**
 * Why a hub refused CONNECT, as far as that can be known. The return code of CONNACK tells little: code 5 stands for
 * everything that is wrong with a credential. Source: mqtt-device 1.6.
 */
public enum RefusalCause {
    /** Code 1: it does not speak MQTT 3.1.1. */
    PROTOCOL_VERSION,
    /** Code 2: it does not accept the client id. */
    CLIENT_ID,
    /** Code 3: busy, failing over, or the device is disabled, or its address is blocked; the code is the same for all. */
    UNAVAILABLE,
    /** Code 4: it cannot read user name or password. */
    UNREADABLE_CREDENTIALS,
    /** Code 5, and the token has ended. */
    TOKEN_EXPIRED,
    /** Code 5, and the token has ended by the hub's clock, but not by ours, which is behind. */
    CLOCK_SKEW,
    /** Code 5, and the client certificate is past its end. */
    CERTIFICATE_EXPIRED,
    /**
     * Code 5 to a token that has not ended: the key is wrong, or the device is not registered, or the token is for somebody
     * else. Nothing on the wire tells these apart; the hub's registry does.
     */
    KEY_OR_DEVICE,
    /** Code 5 to a certificate: it is not the one that is registered, or the device is not registered. As above. */
    CERTIFICATE_OR_DEVICE
}
