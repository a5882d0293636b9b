package io.hubwire.protocol.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.codec.CodecFactory;
import org.apache.qpid.protonj2.codec.Decoder;
import org.apache.qpid.protonj2.codec.DecoderState;
import org.apache.qpid.protonj2.codec.Encoder;
import org.apache.qpid.protonj2.codec.TypeDecoder;
import org.apache.qpid.protonj2.codec.decoders.primitives.MapTypeDecoder;
import org.apache.qpid.protonj2.codec.decoders.primitives.TimestampTypeDecoder;
import org.apache.qpid.protonj2.types.Binary;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.UnknownDescribedType;
import org.apache.qpid.protonj2.types.UnsignedInteger;
import org.apache.qpid.protonj2.types.UnsignedLong;
import org.apache.qpid.protonj2.types.messaging.AmqpValue;
import org.apache.qpid.protonj2.types.messaging.ApplicationProperties;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.DeliveryAnnotations;
import org.apache.qpid.protonj2.types.messaging.Header;
import org.apache.qpid.protonj2.types.messaging.MessageAnnotations;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.apache.qpid.protonj2.types.messaging.Section;

/**
 * The notation of {@code vectors/amqp.json}, where each value names its AMQP type: builds messages from it, and describes
 * messages so that they can be compared with it, types included and the order of maps not.
 */
public final class AmqpNotation {
    private AmqpNotation() {}

    /** A message of these sections, encoded by the library alone. */
    public static ProtonBuffer encode(JsonNode sections) {
        Encoder encoder = CodecFactory.getDefaultEncoder();
        ProtonBuffer out = ProtonBufferAllocator.defaultAllocator().allocate();
        Vectors.elements(sections)
                .forEach(section -> encoder.writeObject(out, encoder.newEncoderState(), section(section)));
        return out;
    }

    /** Section name to its content: maps as name to {@code type:value}, bodies as {@code type:value}. */
    public static Map<String, Object> describe(JsonNode sections) {
        return describe(encode(sections));
    }

    /** The same of a message on its way. */
    public static Map<String, Object> describe(ProtonBuffer message) {
        ProtonBuffer in = message.copy();
        Decoder decoder = CodecFactory.getDefaultDecoder();
        Map<String, Object> all = new LinkedHashMap<>();
        while (in.isReadable()) {
            DecoderState state = decoder.newDecoderState();
            int start = in.getReadOffset();
            TypeDecoder<?> type = decoder.readNextTypeDecoder(in, state);
            Class<?> section = type.getTypeClass();
            if (section == MessageAnnotations.class) {
                all.put("message-annotations", map(in, decoder));
            } else if (section == DeliveryAnnotations.class) {
                all.put("delivery-annotations", map(in, decoder));
            } else if (section == ApplicationProperties.class) {
                all.put("application-properties", map(in, decoder));
            } else if (section == AmqpValue.class) {
                all.put("amqp-value", value(in, decoder));
            } else {
                in.setReadOffset(start);
                other(decoder.readObject(in, state), all);
            }
        }
        return all;
    }

    /** One typed value as the Java object the library uses for it. */
    public static Object value(JsonNode typed) {
        Map.Entry<String, JsonNode> only = typed.fields().next();
        JsonNode v = only.getValue();
        return switch (only.getKey()) {
            case "null" -> null;
            case "boolean" -> v.asBoolean();
            case "int" -> v.asInt();
            case "uint" -> UnsignedInteger.valueOf(v.asLong());
            case "long" -> v.asLong();
            case "ulong" -> UnsignedLong.valueOf(v.asLong());
            case "string" -> v.asText();
            case "symbol" -> Symbol.valueOf(v.asText());
            case "binary" -> new Binary(HexFormat.of().parseHex(v.asText()));
            case "uuid" -> UUID.fromString(v.asText());
            case "timestamp" -> new Date(v.asLong());
            case "map" -> map(v);
            case "array" ->
                Vectors.elements(v.path("items")).map(JsonNode::asText).toArray(String[]::new);
            case "described" -> new UnknownDescribedType(value(v.path("descriptor")), value(v.path("value")));
            default -> throw new AssertionError("the notation has no type " + only.getKey());
        };
    }

    /** A list of pairs. */
    public static Map<Object, Object> map(JsonNode pairs) {
        Map<Object, Object> all = new LinkedHashMap<>();
        pairs.forEach(pair -> all.put(value(pair.get(0)), value(pair.get(1))));
        return all;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Section<?> section(JsonNode section) {
        Map.Entry<String, JsonNode> only = section.fields().next();
        JsonNode v = only.getValue();
        return switch (only.getKey()) {
            case "header" -> new Header();
            case "delivery-annotations" -> new DeliveryAnnotations((Map) map(v));
            case "message-annotations" -> new MessageAnnotations((Map) map(v));
            case "properties" -> properties(v);
            case "application-properties" -> new ApplicationProperties((Map) map(v));
            case "amqp-value" -> new AmqpValue<>(value(v));
            case "data" ->
                new Data(
                        v.isTextual()
                                ? v.asText().getBytes(StandardCharsets.UTF_8)
                                : HexFormat.of().parseHex(v.path("hex").asText()));
            default -> throw new AssertionError("the notation has no section " + only.getKey());
        };
    }

    private static Properties properties(JsonNode fields) {
        Properties p = new Properties();
        fields.fields().forEachRemaining(field -> {
            if (!field.getValue().isObject()) {
                return; // prose such as "as above"
            }
            Object v = value(field.getValue());
            switch (field.getKey()) {
                case "message-id" -> p.setMessageId(v);
                case "correlation-id" -> p.setCorrelationId(v);
                case "user-id" -> p.setUserId((Binary) v);
                case "to" -> p.setTo((String) v);
                case "reply-to" -> p.setReplyTo((String) v);
                case "content-type" -> p.setContentType(v.toString());
                case "content-encoding" -> p.setContentEncoding(v.toString());
                case "absolute-expiry-time" -> p.setAbsoluteExpiryTime(((Date) v).getTime());
                case "creation-time" -> p.setCreationTime(((Date) v).getTime());
                default -> throw new AssertionError("the notation has no property " + field.getKey());
            }
        });
        return p;
    }

    private static void other(Object section, Map<String, Object> into) {
        if (section instanceof Data data) {
            into.put("data", HexFormat.of().formatHex(data.getValue()));
        } else if (section instanceof Properties p) {
            Map<String, String> fields = new TreeMap<>();
            put(fields, "message-id", p.getMessageId());
            put(fields, "correlation-id", p.getCorrelationId());
            put(fields, "user-id", p.getUserId());
            put(fields, "to", p.getTo());
            put(fields, "reply-to", p.getReplyTo());
            put(fields, "content-type", p.getContentType());
            put(fields, "content-encoding", p.getContentEncoding());
            put(fields, "absolute-expiry-time", p.hasAbsoluteExpiryTime() ? p.getAbsoluteExpiryTime() : null);
            put(fields, "creation-time", p.hasCreationTime() ? p.getCreationTime() : null);
            into.put("properties", fields);
        }
    }

    private static void put(Map<String, String> fields, String name, Object v) {
        if (v != null) {
            fields.put(name, described(v));
        }
    }

    private static Map<String, String> map(ProtonBuffer in, Decoder decoder) {
        DecoderState state = decoder.newDecoderState();
        MapTypeDecoder type = (MapTypeDecoder) decoder.readNextTypeDecoder(in, state);
        type.readSize(in, state);
        int count = type.readCount(in, state);
        Map<String, String> all = new TreeMap<>();
        for (int i = 0; i < count / 2; i++) {
            all.put(described(decoder.readObject(in, state)), value(in, decoder));
        }
        return all;
    }

    private static String value(ProtonBuffer in, Decoder decoder) {
        DecoderState state = decoder.newDecoderState();
        TypeDecoder<?> type = decoder.readNextTypeDecoder(in, state);
        if (type instanceof MapTypeDecoder) {
            in.setReadOffset(in.getReadOffset() - 1);
            return "map:" + map(in, decoder);
        }
        Object v = type.readValue(in, state);
        return type instanceof TimestampTypeDecoder ? "timestamp:" + v : described(v);
    }

    private static String described(Object v) {
        if (v == null) {
            return "null:";
        }
        if (v instanceof Object[] array) {
            List<String> items = new ArrayList<>();
            Arrays.stream(array).forEach(item -> items.add(described(item)));
            return "array:" + items;
        }
        if (v instanceof Binary binary) {
            return "binary:" + HexFormat.of().formatHex(binary.asByteArray());
        }
        return v.getClass().getSimpleName() + ":" + v;
    }
}
