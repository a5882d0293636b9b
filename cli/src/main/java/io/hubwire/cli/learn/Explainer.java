package io.hubwire.cli.learn;

import io.hubwire.cli.learn.Explained.Part;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.mqtt.Explanation;
import io.hubwire.protocol.mqtt.MqttPacketSplitter;
import io.hubwire.protocol.mqtt.MqttPackets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Finds out what a value is and takes it apart. Pure; the only clock is the instant handed in. */
final class Explainer {
    private final Instant now;

    /** @param now by which a token is expired or not */
    Explainer(Instant now) {
        this.now = now;
    }

    /** @throws InvalidInputException when the value is nothing of the kind */
    Explained explain(String value) {
        String text = value.strip();
        Optional<Explained> number = ErrorText.of(text);
        if (number.isPresent()) {
            return number.get();
        }
        if (text.startsWith("SharedAccessSignature")) {
            return new TokenText(now).explain(text);
        }
        if (text.regionMatches(true, 0, "HostName=", 0, 9)
                || text.regionMatches(true, 0, "Endpoint=", 0, 9)
                || text.contains(";SharedAccess")) {
            return new ConnectionText(now).explain(text);
        }
        if (text.startsWith("{")) {
            return AnswerText.of(text);
        }
        if (text.startsWith("$iothub/") || text.startsWith("$dps/") || text.startsWith("devices/")) {
            return Explained.sound("topic: " + Explanation.summary(text), parts(Explanation.topic(text)));
        }
        if (text.contains("/?api-version=") || text.contains("/registrations/")) {
            return Explained.sound("user name of CONNECT", parts(Explanation.userName(text)));
        }
        String hex = text.replaceAll("0x|[\\s:,-]", "");
        if (hex.length() >= 4 && hex.matches("(?:[0-9A-Fa-f]{2})+")) {
            return packets(HexFormat.of().parseHex(hex));
        }
        throw new InvalidInputException(
                "value [" + shortened(text) + "] is nothing hubwire knows: a topic or filter, a user"
                        + " name of CONNECT, a SAS token, a connection string, an MQTT packet in hex, an answer in JSON, an error"
                        + " code such as 404103");
    }

    private static Explained packets(byte[] bytes) {
        MqttPacketSplitter splitter = new MqttPacketSplitter();
        List<Part> parts = new ArrayList<>();
        try {
            for (byte[] packet : splitter.add(bytes)) {
                parts.add(new Part(MqttPackets.name(packet[0]), MqttPackets.describe(packet)));
            }
        } catch (RemoteProtocolException broken) {
            return new Explained("MQTT packets", parts, broken.getMessage());
        }
        boolean cut = splitter.heldBytes() > 0;
        return new Explained(
                parts.size() > 1 ? "MQTT packets" : "MQTT packet",
                parts,
                cut ? "the last " + splitter.heldBytes() + " bytes are no whole packet" : null);
    }

    private static List<Part> parts(List<Explanation.Part> parts) {
        return parts.stream().map(part -> new Part(part.text(), part.meaning())).toList();
    }

    /** No secret can be in it, as those have forms that are known; still no more than is needed to recognize it. */
    private static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= 40 ? line : line.substring(0, 39) + "…";
    }
}
