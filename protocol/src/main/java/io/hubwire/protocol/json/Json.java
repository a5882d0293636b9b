package io.hubwire.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.RemoteProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The one set-up of JSON. Reading is strict: RFC 8259 in UTF-8, one value and nothing behind it, no repeated member
 * names (readers disagree which one counts), at most {@value #MAX_DEPTH} levels. Numbers keep every digit.
 */
public final class Json {
    /** Levels of objects and arrays that are read; twins may have ten, jobs wrap a few more around them. */
    public static final int MAX_DEPTH = 128;

    private static final int EXCERPT = 160;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /** For those who bind to types of their own; immutable. */
    public static ObjectReader reader() {
        return MAPPER.reader();
    }

    /** For those who bind to types of their own; immutable, no line breaks. */
    public static ObjectWriter writer() {
        return MAPPER.writer();
    }

    /**
     * Reads one value.
     *
     * @param what what it is, for the complaint: {@code twin patch}
     * @throws RemoteProtocolException with line, column and rule; an empty text is an error too
     */
    public static JsonNode parse(String what, String text) {
        try {
            JsonNode value = MAPPER.readTree(text);
            if (value.isMissingNode()) {
                throw new RemoteProtocolException(what + " is empty; it must be a JSON value");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new RemoteProtocolException(what + " is not JSON" + place(e) + ": " + reason(e), e);
        } catch (NumberFormatException e) { // Jackson lets it out for an exponent beyond ten digits
            throw new RemoteProtocolException(what + " is not JSON: a number in it is out of range", e);
        }
    }

    /** As {@link #parse(String, String)}, from UTF-8. */
    public static JsonNode parse(String what, byte[] utf8) {
        try {
            return parse(
                    what,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(utf8))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new RemoteProtocolException(what + " is not JSON: its " + utf8.length + " bytes are not UTF-8", e);
        }
    }

    /** As {@link #parse(String, String)}; a value of another kind is an error. */
    public static ObjectNode parseObject(String what, String text) {
        return requireObject(what, parse(what, text));
    }

    /** As {@link #parse(String, byte[])}; a value of another kind is an error. */
    public static ObjectNode parseObject(String what, byte[] utf8) {
        return requireObject(what, parse(what, utf8));
    }

    /** Without spaces and line breaks. */
    public static String write(JsonNode value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }

    /** As {@link #write}, in UTF-8. */
    public static byte[] writeBytes(JsonNode value) {
        return write(value).getBytes(StandardCharsets.UTF_8);
    }

    /** A new empty object, whose numbers keep every digit as those that were read do. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** A new empty array. */
    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    private static ObjectNode requireObject(String what, JsonNode value) {
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw new RemoteProtocolException(
                what + " is a JSON " + value.getNodeType().name().toLowerCase(Locale.ROOT) + "; it must be an object");
    }

    private static String place(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    /** Jackson's reason without its excerpt of the source, which may be long. */
    private static String reason(JsonProcessingException e) {
        String text = e.getOriginalMessage() == null
                ? "unreadable"
                : e.getOriginalMessage().replaceAll("\\p{Cntrl}+", " ");
        return text.length() > EXCERPT ? text.substring(0, EXCERPT) + "…" : text;
    }
}
