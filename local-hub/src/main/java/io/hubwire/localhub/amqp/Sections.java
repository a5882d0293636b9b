package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.codec.Decoder;
import org.apache.qpid.protonj2.codec.DecoderState;
import org.apache.qpid.protonj2.types.Binary;
import org.apache.qpid.protonj2.types.messaging.AmqpValue;
import org.apache.qpid.protonj2.types.messaging.ApplicationProperties;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The sections of a message a peer sent, as far as the hub looks at them.
 *
 * @param properties empty when the section is absent
 * @param applicationProperties in wire order, null values kept; empty when absent
 * @param value of an amqp-value body; null with any other body
 * @param data all data sections joined; null without one
 */
record Sections(
        Properties properties,
        Map<String, @Nullable Object> applicationProperties,
        @Nullable Object value,
        byte @Nullable [] data) {

    /**
     * Reads all sections.
     *
     * @throws HubException 400006 when the bytes are not AMQP sections
     */
    static Sections read(ProtonBuffer message, Decoder decoder) {
        Properties properties = new Properties();
        Map<String, @Nullable Object> application = new LinkedHashMap<>();
        Object value = null;
        ByteArrayOutputStream data = null;
        DecoderState state = decoder.newDecoderState();
        try {
            while (message.isReadable()) {
                Object section = decoder.readObject(message, state);
                if (section instanceof Properties p) {
                    properties = p;
                } else if (section instanceof ApplicationProperties a && a.getValue() != null) {
                    application.putAll(a.getValue());
                } else if (section instanceof AmqpValue<?> v) {
                    value = v.getValue();
                } else if (section instanceof Data d) {
                    data = data == null ? new ByteArrayOutputStream() : data;
                    data.writeBytes(d.getValue() == null ? new byte[0] : d.getValue());
                }
                // header, annotations, sequences and footers say nothing to this hub
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ClassCastException broken) {
            throw new HubException(
                    HubError.IOT_HUB_FORMAT_ERROR, "the message's sections cannot be decoded: " + broken.getMessage());
        }
        return new Sections(properties, application, value, data == null ? null : data.toByteArray());
    }

    /** The body as bytes, whatever section it came in; empty without a body. */
    byte[] body() {
        if (data != null) {
            return data;
        }
        if (value instanceof Binary binary) {
            return binary.asByteArray();
        }
        return value == null ? new byte[0] : value.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** An application property that is text. */
    Optional<String> text(String name) {
        return Optional.ofNullable(applicationProperties.get(name)).map(Object::toString);
    }
}
