package io.hubwire.localhub.mqtt;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes up what a client might send to the hub: nearly right, in part right, or noise. The same seed makes the same
 * bytes.
 */
final class PacketFuzzer {
    private static final List<String> TOPIC_PARTS = List.of(
            "devices/",
            "{d}",
            "/modules/",
            "m1",
            "/messages/events/",
            "/messages/devicebound/#",
            "$iothub/twin/GET/",
            "$iothub/twin/PATCH/properties/reported/",
            "$iothub/twin/PATCH/properties/desired/#",
            "$iothub/twin/res/#",
            "$iothub/methods/POST/#",
            "$iothub/methods/res/200/",
            "$dps/registrations/PUT/iotdps-register/",
            "?$rid=1",
            "?$rid=",
            "&$version=1",
            "&$version=99999999999999999999",
            "%24.mid=",
            "k=v",
            "&",
            "=",
            "/",
            "?",
            "+",
            "#",
            "%zz",
            "%C3%28",
            "\u0000",
            "é€😀");
    private static final List<String> TWIN_PARTS = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"a\"",
            "\"$version\"",
            "\"a.b\"",
            ":",
            ",",
            "1",
            "-1",
            "1e999",
            "4503599627370496",
            "null",
            "true",
            "\"\\ud800\"",
            "\"x\"",
            " ",
            "{\"a\":{\"b\":null}}",
            "{\"n\":1}");
    private static final int[] TYPES = {
        0x30, 0x32, 0x3A, 0x34, 0x36, 0x40, 0x50, 0x62, 0x70, 0x82, 0x80, 0xA2, 0xC0, 0xE0, 0xF0
    };

    private final Random random;
    private final String deviceId;

    PacketFuzzer(long seed, String deviceId) {
        this.random = new Random(seed);
        this.deviceId = deviceId;
    }

    /** One connection's worth of bytes. @param connect a CONNECT that the hub accepts */
    byte[] conversation(byte[] connect) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        switch (random.nextInt(8)) {
            case 0 -> bytes.writeBytes(noise(200));
            case 1, 2 -> bytes.writeBytes(packet(0x10, connectBody()));
            case 3 -> bytes.writeBytes(mutated(connect));
            default -> {
                bytes.writeBytes(connect);
                int packets = 1 + random.nextInt(8);
                for (int i = 0; i < packets; i++) {
                    bytes.writeBytes(random.nextInt(6) == 0 ? mutated(somePacket()) : somePacket());
                }
            }
        }
        return bytes.toByteArray();
    }

    private byte[] somePacket() {
        int type = TYPES[random.nextInt(TYPES.length)];
        return switch (random.nextInt(10)) {
            case 0 -> noise(40);
            case 1 -> packet(type, noise(40));
            case 2, 3 -> packet(0x82, subscribeBody());
            case 4 -> packet(0xA2, unsubscribeBody());
            default -> packet((type & 0xF0) == 0x30 ? type : 0x32, publishBody(type));
        };
    }

    private byte[] connectBody() {
        return written(out -> {
            out.writeUTF(random.nextInt(4) > 0 ? "MQTT" : text());
            out.writeByte(random.nextInt(4) > 0 ? 4 : random.nextInt(256));
            out.writeByte(random.nextInt(256));
            out.writeShort(random.nextInt(65_536));
            for (int i = random.nextInt(6); i >= 0; i--) {
                out.writeUTF(random.nextBoolean() ? text() : "localhost/" + text() + "/?api-version=2021-04-12");
            }
        });
    }

    private byte[] publishBody(int type) {
        return written(out -> {
            writeText(out, topic());
            if ((type & 6) != 0 || random.nextInt(20) == 0) {
                out.writeShort(random.nextInt(5));
            }
            out.write(random.nextInt(3) == 0 ? noise(300) : twin().getBytes(StandardCharsets.UTF_8));
        });
    }

    private byte[] subscribeBody() {
        return written(out -> {
            out.writeShort(random.nextInt(4));
            for (int i = random.nextInt(4); i >= 0; i--) {
                writeText(out, topic());
                out.writeByte(random.nextInt(5) > 0 ? random.nextInt(3) : random.nextInt(256));
            }
        });
    }

    private byte[] unsubscribeBody() {
        return written(out -> {
            out.writeShort(random.nextInt(4));
            writeText(out, topic());
        });
    }

    private String topic() {
        return switch (random.nextInt(6)) {
            case 0 -> "devices/" + deviceId + "/messages/events/" + parts(TOPIC_PARTS, 6);
            case 1 -> "$iothub/twin/PATCH/properties/reported/?$rid=" + random.nextInt(100);
            case 2 -> "$iothub/twin/GET/?$rid=" + text();
            default -> parts(TOPIC_PARTS, 6);
        };
    }

    private String twin() {
        return switch (random.nextInt(10)) {
            case 0 -> "{\"a\":".repeat(random.nextInt(2_000)) + "1" + "}".repeat(random.nextInt(2_000));
            case 1 -> "[".repeat(random.nextInt(20_000));
            case 2 -> "{\"" + "k".repeat(random.nextInt(5_000)) + "\":\"" + "v".repeat(random.nextInt(40_000)) + "\"}";
            default -> parts(TWIN_PARTS, 12);
        };
    }

    private String parts(List<String> from, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i >= 0; i--) {
            text.append(from.get(random.nextInt(from.size())));
        }
        return text.toString().replace("{d}", deviceId);
    }

    private String text() {
        return random.nextInt(5) == 0 ? "x".repeat(random.nextInt(3_000)) : parts(TOPIC_PARTS, 3);
    }

    /** Some bytes changed, cut off, doubled or added. */
    private byte[] mutated(byte[] packet) {
        byte[] copy = packet.clone();
        for (int i = random.nextInt(4); i >= 0 && copy.length > 0; i--) {
            copy[random.nextInt(copy.length)] = (byte) random.nextInt();
        }
        int length =
                switch (random.nextInt(3)) {
                    case 0 -> random.nextInt(copy.length + 1);
                    case 1 -> copy.length + random.nextInt(50);
                    default -> copy.length;
                };
        return Arrays.copyOf(copy, length);
    }

    private byte[] noise(int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Once in a while with a length that is not the body's. */
    private byte[] packet(int type, byte[] body) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(type);
        int left = random.nextInt(25) == 0 ? random.nextInt(400_000) : body.length;
        do {
            int digit = left % 128;
            left /= 128;
            packet.write(left > 0 ? digit | 0x80 : digit);
        } while (left > 0);
        packet.writeBytes(body);
        return packet.toByteArray();
    }

    /** As UTF-8 or, now and then, as what only looks like it. */
    private void writeText(DataOutputStream out, String text) throws IOException {
        byte[] bytes = random.nextInt(20) == 0 ? noise(30) : text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(random.nextInt(40) == 0 ? random.nextInt(65_536) : bytes.length);
        out.write(bytes);
    }

    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] written(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            body.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
