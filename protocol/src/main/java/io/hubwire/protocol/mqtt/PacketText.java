package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.Secrets;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The one line that {@code --trace} shows of a packet. */
final class PacketText {
    private static final String SAS = "SharedAccessSignature ";
    /** All that a token says beside its signature. */
    private static final Set<String> OPEN_SAS_FIELDS = Set.of("sr", "se", "skn");

    private static final int LONGEST_TEXT = 256;
    private static final int LONGEST_HEX = 24;

    private static final List<String> RETURN_CODES = List.of(
            "accepted",
            "refused: protocol level",
            "refused: client id",
            "refused: server unavailable (device disabled, address blocked, or throttled)",
            "refused: form of user name or password",
            "refused: not authorized");

    private PacketText() {}

    static String describe(MqttPacket packet) {
        if (packet instanceof MqttPacket.Connect p) {
            return "client=" + line(p.clientId()) + " keepAlive=" + p.keepAlive() + "s cleanSession=" + p.cleanSession()
                    + (p.userName() == null ? "" : " user=" + line(p.userName()))
                    + (p.password() == null ? " no password" : " password=" + line(p.password()))
                    + (p.will() == null ? "" : " will=[" + describe(p.will()) + "]");
        }
        if (packet instanceof MqttPacket.ConnAck p) {
            String code = p.returnCode() < RETURN_CODES.size() ? RETURN_CODES.get(p.returnCode()) : "unknown code";
            return "code=" + p.returnCode() + " (" + code + ") sessionPresent=" + p.sessionPresent();
        }
        if (packet instanceof MqttPacket.Publish p) {
            return flags(p) + line(p.topic()) + " (" + line(Explanation.summary(p.topic())) + ") "
                    + payload(p.payload());
        }
        if (packet instanceof MqttPacket.Acknowledgement p) {
            return "id=" + p.packetId();
        }
        if (packet instanceof MqttPacket.Subscribe p) {
            return "id=" + p.packetId() + " "
                    + p.filters().stream()
                            .map(f -> "qos=" + f.qos() + " " + line(f.filter()) + " ("
                                    + line(Explanation.summary(f.filter())) + ")")
                            .collect(Collectors.joining(", "));
        }
        if (packet instanceof MqttPacket.SubAck p) {
            return "id=" + p.packetId() + " "
                    + p.codes().stream()
                            .map(code -> code > 2 ? "refused" : "granted qos=" + code)
                            .collect(Collectors.joining(", "));
        }
        if (packet instanceof MqttPacket.Unsubscribe p) {
            return "id=" + p.packetId() + " " + line(String.join(", ", p.filters()));
        }
        return "";
    }

    private static String flags(MqttPacket.Publish p) {
        return "qos=" + p.qos() + (p.packetId() == null ? "" : " id=" + p.packetId()) + (p.dup() ? " dup" : "")
                + (p.retain() ? " retain" : "") + " ";
    }

    /** A SAS token without its signature, and nothing at all of any other password. */
    static String maskPassword(byte[] password) {
        String text = new String(password, StandardCharsets.UTF_8);
        if (!text.startsWith(SAS)) {
            return Secrets.MASK;
        }
        return SAS
                + Stream.of(text.substring(SAS.length()).split("&"))
                        .map(field -> {
                            int equals = Math.max(field.indexOf('='), 0);
                            String name = field.substring(0, equals);
                            return OPEN_SAS_FIELDS.contains(name)
                                    ? field
                                    : (name.equals("sig") ? "sig=" : "") + Secrets.MASK;
                        })
                        .collect(Collectors.joining("&"));
    }

    private static String payload(byte[] payload) {
        String size = payload.length + (payload.length == 1 ? " byte" : " bytes");
        if (payload.length == 0) {
            return size;
        }
        try {
            return size + " "
                    + line(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(payload))
                            .toString());
        } catch (CharacterCodingException binary) {
            String hex = HexFormat.of().formatHex(payload, 0, Math.min(payload.length, LONGEST_HEX));
            return size + " 0x" + hex + (payload.length > LONGEST_HEX ? "…" : "");
        }
    }

    /** On one line, without control characters, cut at 256 characters. */
    static String line(String raw) {
        String text = Secrets.mask(raw);
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(LONGEST_TEXT).forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                        out.append(String.format("\\u%04x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return text.codePointCount(0, text.length()) > LONGEST_TEXT
                ? out.append('…').toString()
                : out.toString();
    }
}
