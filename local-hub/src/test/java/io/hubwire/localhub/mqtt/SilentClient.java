package io.hubwire.localhub.mqtt;

import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.mqtt.MqttUserName;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A client that sends CONNECT and whatever bytes a test likes, and never a PINGREQ. */
final class SilentClient implements AutoCloseable {
    private static final int READ_TIMEOUT_MILLIS = 10_000;

    private final SSLSocket socket;

    private SilentClient(SSLSocket socket) {
        this.socket = socket;
    }

    static SilentClient connect(LocalHub hub, Identity identity, int keepAliveSeconds) throws Exception {
        SilentClient client = open(hub);
        client.send(connectPacket(
                identity.clientId(),
                MqttUserName.of(hub.host(), identity).format(),
                PahoDevice.token(hub, identity, hub.engine().clock().instant().plusSeconds(3600)),
                keepAliveSeconds));
        return client;
    }

    /** Without a CONNECT. */
    static SilentClient open(LocalHub hub) throws Exception {
        return open(hub, TlsTrust.pem(hub.caFile()).context().getSocketFactory());
    }

    /** @param tls trusts the hub */
    static SilentClient open(LocalHub hub, SSLSocketFactory tls) throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket(InetAddress.getLoopbackAddress(), hub.mqttPort());
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        socket.setSoLinger(true, 0); // otherwise close() would wait for a write that is stuck
        return new SilentClient(socket);
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    int localPort() {
        return socket.getLocalPort();
    }

    /** What the hub sends until it closes the connection. */
    byte[] readToEnd() throws IOException {
        return socket.getInputStream().readAllBytes();
    }

    /** Reads and drops what the hub sends, until it has been silent for a while or has closed the connection. */
    void readFor(int silenceMillis) throws IOException {
        socket.setSoTimeout(silenceMillis);
        byte[] dropped = new byte[4096];
        try {
            while (socket.getInputStream().read(dropped) >= 0) {
                continue;
            }
        } catch (SocketTimeoutException silent) {
            return;
        }
    }

    byte[] read(int count) throws IOException {
        return socket.getInputStream().readNBytes(count);
    }

    /** CONNECT with clean session 0. */
    static byte[] connectPacket(String clientId, String userName, String password, int keepAliveSeconds)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF("MQTT");
        body.writeByte(4);
        body.writeByte(0xC0);
        body.writeShort(keepAliveSeconds);
        body.writeUTF(clientId);
        body.writeUTF(userName);
        body.writeUTF(password);
        return packet(0x10, bytes.toByteArray());
    }

    /** A PUBLISH at QoS 1. */
    static byte[] publishPacket(String topic, int packetId, String payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        byte[] utf8 = topic.getBytes(StandardCharsets.UTF_8);
        body.writeShort(utf8.length);
        body.write(utf8);
        body.writeShort(packetId);
        body.write(payload.getBytes(StandardCharsets.UTF_8));
        return packet(0x32, bytes.toByteArray());
    }

    /** A SUBSCRIBE to one filter at QoS 0. */
    static byte[] subscribePacket(String filter) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeShort(1);
        body.writeUTF(filter);
        body.writeByte(0);
        return packet(0x82, bytes.toByteArray());
    }

    private static byte[] packet(int type, byte[] body) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(type);
        int left = body.length;
        do {
            int digit = left % 128;
            left /= 128;
            packet.write(left > 0 ? digit | 0x80 : digit);
        } while (left > 0);
        packet.writeBytes(body);
        return packet.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
