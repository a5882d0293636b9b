package io.hubwire.events.amqp;

import io.hubwire.protocol.RemoteProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.codec.Decoder;
import org.apache.qpid.protonj2.codec.DecoderState;
import org.apache.qpid.protonj2.codec.TypeDecoder;
import org.apache.qpid.protonj2.codec.decoders.primitives.MapTypeDecoder;
import org.apache.qpid.protonj2.codec.decoders.primitives.TimestampTypeDecoder;
import org.apache.qpid.protonj2.types.Binary;
import org.apache.qpid.protonj2.types.messaging.AmqpValue;
import org.apache.qpid.protonj2.types.messaging.ApplicationProperties;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.DeliveryAnnotations;
import org.apache.qpid.protonj2.types.messaging.MessageAnnotations;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The sections of a message that arrived. AMQP timestamps in maps are {@link Instant}s; the library alone would make them
 * indistinguishable from numbers.
 *
 * @param properties empty when the section is absent
 * @param deliveryAnnotations in wire order, keys as text; empty when absent
 * @param annotations message annotations, likewise
 * @param applicationProperties likewise
 * @param value of an amqp-value body; null with any other body
 * @param data all data sections joined; empty without one
 */
public record Sections(
        Properties properties,
        Map<String, @Nullable Object> deliveryAnnotations,
        Map<String, @Nullable Object> annotations,
        Map<String, @Nullable Object> applicationProperties,
        @Nullable Object value,
        byte[] data) {

    /**
     * Reads all sections.
     *
     * @param decoder for one thread at a time, and costly to make
     * @throws RemoteProtocolException when the bytes are not AMQP sections
     */
    public static Sections read(ProtonBuffer message, Decoder decoder) {
        Properties properties = new Properties();
        Map<String, @Nullable Object> delivery = new LinkedHashMap<>();
        Map<String, @Nullable Object> annotations = new LinkedHashMap<>();
        Map<String, @Nullable Object> application = new LinkedHashMap<>();
        Object value = null;
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try {
            while (message.isReadable()) {
                DecoderState state = decoder.newDecoderState();
                int start = message.getReadOffset();
                Class<?> type = decoder.readNextTypeDecoder(message, state).getTypeClass();
                if (type == MessageAnnotations.class) {
                    readMap(message, decoder, annotations);
                } else if (type == ApplicationProperties.class) {
                    readMap(message, decoder, application);
                } else if (type == DeliveryAnnotations.class) {
                    readMap(message, decoder, delivery);
                } else {
                    message.setReadOffset(start);
                    Object section = decoder.readObject(message, state);
                    if (section instanceof Properties p) {
                        properties = p;
                    } else if (section instanceof Data d && d.getValue() != null) {
                        data.writeBytes(d.getValue());
                    } else if (section instanceof AmqpValue<?> v) {
                        value = v.getValue();
                    }
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ClassCastException broken) {
            throw new RemoteProtocolException(
                    "the message's sections cannot be decoded: " + broken.getMessage(), broken);
        }
        return new Sections(properties, delivery, annotations, application, value, data.toByteArray());
    }

    /** The body as bytes, whatever section it came in. */
    public byte[] body() {
        if (value instanceof Binary binary) {
            return binary.asByteArray();
        }
        return value == null ? data : value.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void readMap(ProtonBuffer in, Decoder decoder, Map<String, @Nullable Object> into) {
        DecoderState state = decoder.newDecoderState();
        TypeDecoder<?> type = decoder.readNextTypeDecoder(in, state);
        if (type.isNull()) {
            return;
        }
        MapTypeDecoder map = (MapTypeDecoder) type;
        map.readSize(in, state);
        int count = map.readCount(in, state);
        for (int i = 0; i < count / 2; i++) {
            Object key = decoder.readObject(in, state);
            TypeDecoder<?> valueType = decoder.readNextTypeDecoder(in, state);
            Object value = valueType.readValue(in, state);
            boolean time = valueType instanceof TimestampTypeDecoder && value != null;
            into.put(String.valueOf(key), time ? Instant.ofEpochMilli((Long) value) : value);
        }
    }
}
