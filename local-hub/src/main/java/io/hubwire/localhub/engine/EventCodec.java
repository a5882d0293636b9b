package io.hubwire.localhub.engine;

import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as a record of the log on disk. Big-endian, texts as {@code length:int} and UTF-8, length -1 for null:
 *
 * <pre>
 * event      = version:byte device:text module:text annotations system properties body
 * annotations = count:int (name:text (0:byte value:text | 1:byte epochSecond:long nanos:int))*
 * system     = count:int (mqttKey:text value:text)*
 * properties = count:int (name:text value:text)*
 * body       = length:int byte*
 * </pre>
 *
 * {@code version} is 1. Pure.
 */
final class EventCodec {
    private static final int VERSION = 1;
    private static final int TEXT = 0;
    private static final int TIME = 1;

    private EventCodec() {}

    static byte[] encode(Incoming event) {
        Message message = event.message();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + message.bodyLength());
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            write(out, event.source().deviceId());
            write(out, event.source().moduleId().orElse(null));
            out.writeInt(event.annotations().size());
            for (Map.Entry<String, Object> annotation : event.annotations().entrySet()) {
                write(out, annotation.getKey());
                writeValue(out, annotation.getValue());
            }
            out.writeInt(message.system().size());
            for (Map.Entry<SystemProperty, @Nullable String> property :
                    message.system().entrySet()) {
                write(out, property.getKey().mqttKey());
                write(out, property.getValue());
            }
            out.writeInt(message.properties().size());
            for (Map.Entry<String, @Nullable String> property :
                    message.properties().entrySet()) {
                write(out, property.getKey());
                write(out, property.getValue());
            }
            out.writeInt(message.bodyLength());
            out.write(message.body());
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException for what {@link #encode} does not write */
    static Incoming decode(byte[] record) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IllegalArgumentException("event of version " + version);
            }
            String device = readText(in);
            String module = readNullable(in);
            Identity source = module == null ? Identity.device(device) : Identity.module(device, module);
            Map<String, Object> annotations = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                annotations.put(readText(in), readValue(in));
            }
            Map<SystemProperty, @Nullable String> system = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                String key = readText(in);
                system.put(
                        SystemProperty.byMqttKey(key)
                                .orElseThrow(() -> new IllegalArgumentException("system property [" + key + "]")),
                        readNullable(in));
            }
            Map<String, @Nullable String> properties = new LinkedHashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                properties.put(readText(in), readNullable(in));
            }
            Message.Builder message =
                    Message.builder(readBytes(in, in.readInt())).properties(properties);
            system.forEach(message::system);
            return new Incoming(source, message.build(), annotations);
        } catch (IOException e) {
            throw new IllegalArgumentException("an event ends too early", e);
        } catch (InvalidInputException | DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("an event that nobody can have sent: " + e.getMessage(), e);
        }
    }

    private static void write(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static void writeValue(DataOutputStream out, Object value) throws IOException {
        if (value instanceof Instant time) {
            out.writeByte(TIME);
            out.writeLong(time.getEpochSecond());
            out.writeInt(time.getNano());
        } else {
            out.writeByte(TEXT);
            write(out, (String) value);
        }
    }

    private static Object readValue(DataInputStream in) throws IOException {
        return in.readByte() == TIME ? Instant.ofEpochSecond(in.readLong(), in.readInt()) : readText(in);
    }

    private static String readText(DataInputStream in) throws IOException {
        String text = readNullable(in);
        if (text == null) {
            throw new IllegalArgumentException("a text is missing");
        }
        return text;
    }

    private static @Nullable String readNullable(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? null : new String(readBytes(in, length), StandardCharsets.UTF_8);
    }

    private static byte[] readBytes(DataInputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }
}
