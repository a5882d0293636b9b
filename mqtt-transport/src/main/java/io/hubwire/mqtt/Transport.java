package io.hubwire.mqtt;

/** What carries MQTT. Both are encrypted by TLS. Source: mqtt-device 1.1 and 7. */
public enum Transport {
    /** TLS over TCP. */
    TCP(8883),
    /** WebSocket, for networks that let nothing but HTTPS through. */
    WEB_SOCKET(443);

    private final int defaultPort;

    Transport(int defaultPort) {
        this.defaultPort = defaultPort;
    }

    /** The port that hubs in the cloud listen on. */
    public int defaultPort() {
        return defaultPort;
    }
}
