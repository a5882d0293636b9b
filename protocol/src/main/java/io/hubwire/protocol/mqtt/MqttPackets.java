package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.RemoteProtocolException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packets of MQTT 3.1.1 from their bytes, for {@code --trace} and {@code hubwire explain}. Source: MQTT 3.1.1, chapters 2
 * and 3. Pure.
 */
public final class MqttPackets {
    private static final List<String> NAMES = List.of(
            "RESERVED",
            "CONNECT",
            "CONNACK",
            "PUBLISH",
            "PUBACK",
            "PUBREC",
            "PUBREL",
            "PUBCOMP",
            "SUBSCRIBE",
            "SUBACK",
            "UNSUBSCRIBE",
            "UNSUBACK",
            "PINGREQ",
            "PINGRESP",
            "DISCONNECT",
            "RESERVED");
    private static final int PROTOCOL_LEVEL = 4;
    private static final int MAX_QOS = 2;
    private static final int REFUSED = 128;

    private MqttPackets() {}

    /**
     * Decodes one whole packet.
     *
     * @throws RemoteProtocolException with the byte and the rule when it is cut, too long or against the standard
     */
    public static MqttPacket decode(byte[] packet) {
        MqttFrame frame = MqttFrame.read(packet, 0, packet.length);
        if (frame == null || frame.end() > packet.length) {
            throw new RemoteProtocolException("MQTT packet [" + packet.length + " bytes] is cut off");
        }
        String name = name(packet[0]);
        int flags = packet[0] & 0x0f;
        PacketReader in = new PacketReader(name, packet, frame.bodyStart());
        if (frame.end() < packet.length) {
            throw in.malformed("the remaining length says that it ends at byte " + frame.end());
        }
        MqttPacket decoded = decode(name, flags, in);
        in.end();
        return decoded;
    }

    /** What kind of packet begins with this byte, in capitals as in the standard: {@code PUBLISH}. */
    public static String name(byte first) {
        return NAMES.get((first & 0xff) >> 4);
    }

    /**
     * One line about one packet: its fields, and what its topic means; without the packet's name. Signatures and
     * passwords are masked, line breaks escaped, long payloads cut. Never fails: of a malformed packet it says what is
     * wrong.
     */
    public static String describe(byte[] packet) {
        try {
            return PacketText.describe(decode(packet));
        } catch (RemoteProtocolException e) {
            return "malformed: " + e.getMessage();
        }
    }

    private static MqttPacket decode(String name, int flags, PacketReader in) {
        boolean publish = name.equals("PUBLISH");
        int expected = name.equals("PUBREL") || name.equals("SUBSCRIBE") || name.equals("UNSUBSCRIBE") ? 2 : 0;
        if (!publish && flags != expected) {
            throw in.malformed("the low four bits of byte 1 must be " + expected);
        }
        return switch (name) {
            case "CONNECT" -> connect(in);
            case "CONNACK" -> connAck(in);
            case "PUBLISH" -> publish(flags, in);
            case "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "UNSUBACK" ->
                new MqttPacket.Acknowledgement(name, in.packetId());
            case "SUBSCRIBE" -> subscribe(in);
            case "SUBACK" -> subAck(in);
            case "UNSUBSCRIBE" -> unsubscribe(in);
            case "PINGREQ", "PINGRESP", "DISCONNECT" -> new MqttPacket.Signal(name);
            default -> throw in.malformed("this packet type is reserved");
        };
    }

    private static MqttPacket connect(PacketReader in) {
        String protocol = in.text("protocol name");
        int level = in.oneByte("protocol level");
        if (!protocol.equals("MQTT") || level != PROTOCOL_LEVEL) {
            throw in.malformed(
                    "protocol [" + PacketText.line(protocol) + "] level " + level + " is not MQTT 3.1.1 (level 4)");
        }
        int flags = in.oneByte("connect flags");
        boolean hasWill = (flags & 0x04) != 0;
        int willQos = flags >> 3 & 0x03;
        if ((flags & 0x01) != 0 || willQos > MAX_QOS || (!hasWill && (flags & 0x38) != 0)) {
            throw in.malformed(String.format("the connect flags 0x%02x contradict the standard", flags));
        }
        int keepAlive = in.twoBytes("keep-alive");
        String clientId = in.text("client id");
        MqttPacket.Publish will = hasWill
                ? new MqttPacket.Publish(
                        in.text("will topic"), willQos, false, (flags & 0x20) != 0, null, in.binary("will message"))
                : null;
        String userName = (flags & 0x80) != 0 ? in.text("user name") : null;
        String password = (flags & 0x40) != 0 ? PacketText.maskPassword(in.binary("password")) : null;
        return new MqttPacket.Connect(clientId, (flags & 0x02) != 0, keepAlive, will, userName, password);
    }

    private static MqttPacket connAck(PacketReader in) {
        int flags = in.oneByte("acknowledge flags");
        if (flags > 1) {
            throw in.malformed("only bit 0 of the acknowledge flags may be set");
        }
        return new MqttPacket.ConnAck(flags == 1, in.oneByte("return code"));
    }

    private static MqttPacket publish(int flags, PacketReader in) {
        int qos = flags >> 1 & 0x03;
        if (qos > MAX_QOS) {
            throw in.malformed("QoS 3 does not exist");
        }
        String topic = in.text("topic");
        @Nullable Integer packetId = qos == 0 ? null : Integer.valueOf(in.packetId());
        return new MqttPacket.Publish(topic, qos, (flags & 0x08) != 0, (flags & 0x01) != 0, packetId, in.rest());
    }

    private static MqttPacket subscribe(PacketReader in) {
        int packetId = in.packetId();
        List<MqttPacket.Filter> filters = new ArrayList<>();
        do {
            String filter = in.text("topic filter");
            int qos = in.oneByte("requested QoS");
            if (qos > MAX_QOS) {
                throw in.malformed("the requested QoS must be 0, 1 or 2");
            }
            filters.add(new MqttPacket.Filter(filter, qos));
        } while (in.hasMore());
        return new MqttPacket.Subscribe(packetId, filters);
    }

    private static MqttPacket subAck(PacketReader in) {
        int packetId = in.packetId();
        List<Integer> codes = new ArrayList<>();
        do {
            int code = in.oneByte("return code");
            if (code > MAX_QOS && code != REFUSED) {
                throw in.malformed("a return code must be 0, 1, 2 or 128");
            }
            codes.add(code);
        } while (in.hasMore());
        return new MqttPacket.SubAck(packetId, codes);
    }

    private static MqttPacket unsubscribe(PacketReader in) {
        int packetId = in.packetId();
        List<String> filters = new ArrayList<>();
        do {
            filters.add(in.text("topic filter"));
        } while (in.hasMore());
        return new MqttPacket.Unsubscribe(packetId, filters);
    }
}
