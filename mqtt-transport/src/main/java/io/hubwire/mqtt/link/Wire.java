package io.hubwire.mqtt.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The byte stream below MQTT: TCP and TLS, perhaps through a proxy or in WebSocket frames. Opened once, never again. */
public interface Wire {
    /** Connects, including handshakes. Blocks; {@link #abort} from another thread ends it. */
    void open() throws IOException;

    /** Bytes from the peer. Valid after {@link #open}; reads block without limit until the wire ends. */
    InputStream input() throws IOException;

    /** Bytes to the peer. Valid after {@link #open}; each write goes out as it is. */
    OutputStream output() throws IOException;

    /** Whom it connects to, for people: {@code contoso.azure-devices.net:8883}. */
    String peer();

    /** Ends in good order. May wait for a slow peer; {@link #abort} ends that too. Harmless when repeated. */
    void close();

    /** Ends at once: whoever blocks in this wire gets an {@link IOException}. Never blocks. Harmless when repeated. */
    void abort();
}
