package io.hubwire.mqtt;

import io.hubwire.protocol.mqtt.MqttPacket;
import io.hubwire.protocol.mqtt.MqttPacketSplitter;
import io.hubwire.protocol.mqtt.MqttPackets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** One connection as the {@link ScriptedHub} sees it. Every wait ends after ten seconds with an assertion error. */
final class Conversation {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Socket socket;
    private final MqttPacketSplitter splitter = new MqttPacketSplitter();
    private final Deque<byte[]> packets = new ArrayDeque<>();

    Conversation(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
    }

    MqttPacket.Connect expectConnect() {
        return expect(MqttPacket.Connect.class);
    }

    MqttPacket.Publish expectPublish() {
        return expect(MqttPacket.Publish.class);
    }

    /** The next packet, which must be of this kind. PINGREQ is answered and passed over. */
    <T extends MqttPacket> T expect(Class<T> kind) {
        MqttPacket packet = next();
        if (!kind.isInstance(packet)) {
            throw new AssertionError("expected " + kind.getSimpleName() + ", got " + packet);
        }
        return kind.cast(packet);
    }

    /** The next packet, which must be this signal or acknowledgement. */
    MqttPacket expect(String name) {
        MqttPacket packet = next();
        if (!packet.name().equals(name)) {
            throw new AssertionError("expected " + name + ", got " + packet);
        }
        return packet;
    }

    /** The next packet. */
    MqttPacket next() {
        byte[] packet = read(PATIENCE);
        if (packet == null) {
            throw new AssertionError("no packet within " + PATIENCE.toSeconds() + " s");
        }
        return MqttPackets.decode(packet);
    }

    /** Asserts that nothing comes for this long. */
    void expectSilence(Duration time) {
        byte[] packet = read(time);
        if (packet != null) {
            throw new AssertionError("expected silence, got " + MqttPackets.decode(packet));
        }
    }

    /** Waits for the other side to close, whatever it sends before. */
    void expectEnd() {
        try {
            while (true) {
                byte[] packet = read(PATIENCE);
                if (packet == null) {
                    throw new AssertionError("connection still open");
                }
            }
        } catch (EndOfStream expected) {
            // that is what the test asked for
        }
    }

    private static final class EndOfStream extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private byte[] read(Duration patience) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = socket.getInputStream();
            socket.setSoTimeout((int) Math.max(1, patience.toMillis()));
            while (packets.isEmpty()) {
                int count = in.read(buffer);
                if (count < 0) {
                    throw new EndOfStream();
                }
                packets.addAll(splitter.add(buffer, 0, count));
            }
            return packets.poll();
        } catch (SocketTimeoutException silence) {
            return null;
        } catch (IOException broken) {
            throw new EndOfStream();
        }
    }

    void connAck(boolean sessionPresent, int returnCode) {
        send(new byte[] {0x20, 2, (byte) (sessionPresent ? 1 : 0), (byte) returnCode});
    }

    /** Grants QoS 1 for each filter of the SUBSCRIBE that must come next. */
    MqttPacket.Subscribe grantSubscribe() {
        MqttPacket.Subscribe subscribe = expect(MqttPacket.Subscribe.class);
        int[] codes = new int[subscribe.filters().size()];
        java.util.Arrays.fill(codes, 1);
        subAck(subscribe.packetId(), codes);
        return subscribe;
    }

    void subAck(int packetId, int... codes) {
        byte[] packet = new byte[4 + codes.length];
        packet[0] = (byte) 0x90;
        packet[1] = (byte) (2 + codes.length);
        packet[2] = (byte) (packetId >> 8);
        packet[3] = (byte) packetId;
        for (int i = 0; i < codes.length; i++) {
            packet[4 + i] = (byte) codes[i];
        }
        send(packet);
    }

    void pubAck(int packetId) {
        send(new byte[] {0x40, 2, (byte) (packetId >> 8), (byte) packetId});
    }

    void pingResp() {
        send(new byte[] {(byte) 0xd0, 0});
    }

    void publish(String topic, String body) {
        publish(topic, 0, 0, false, body);
    }

    void publish(String topic, int qos, int packetId, boolean dup, String body) {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        byte[] payload = body.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x30 | qos << 1 | (dup ? 8 : 0));
        int length = 2 + name.length + (qos > 0 ? 2 : 0) + payload.length;
        while (length > 0x7f) {
            out.write(length & 0x7f | 0x80);
            length >>= 7;
        }
        out.write(length);
        out.write(name.length >> 8);
        out.write(name.length);
        out.writeBytes(name);
        if (qos > 0) {
            out.write(packetId >> 8);
            out.write(packetId);
        }
        out.writeBytes(payload);
        send(out.toByteArray());
    }

    /** Any bytes. */
    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new IllegalStateException("the client has closed the connection", e);
        }
    }

    /** Ends in good order, without a packet: what a hub does when it takes offence. */
    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Cuts the connection. */
    void reset() {
        if (socket.isClosed()) {
            return;
        }
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
