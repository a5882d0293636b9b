package io.hubwire.events;

import io.hubwire.events.amqp.Sections;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.SystemProperty;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.qpid.protonj2.types.Binary;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.jspecify.annotations.Nullable;

/** Reads an event from its AMQP sections. Source: amqp 4.5. */
final class EventDecoder {
    private static final String SEQUENCE_NUMBER = "x-opt-sequence-number";
    private static final String OFFSET = "x-opt-offset";
    private static final String ENQUEUED_TIME = "x-opt-enqueued-time";

    private EventDecoder() {}

    /** @throws RemoteProtocolException when what a reader needs to go on is missing */
    static Event decode(String partition, Sections sections) {
        Map<String, @Nullable Object> annotations = sections.annotations();
        if (!(annotations.get(SEQUENCE_NUMBER) instanceof Long number)) {
            throw missing(partition, SEQUENCE_NUMBER, "a long", annotations.get(SEQUENCE_NUMBER));
        }
        if (!(annotations.get(ENQUEUED_TIME) instanceof Instant time)) {
            throw missing(partition, ENQUEUED_TIME, "a timestamp", annotations.get(ENQUEUED_TIME));
        }
        Object offset = annotations.get(OFFSET); // text; old services sent a number
        if (offset == null) {
            throw missing(partition, OFFSET, "text", null);
        }
        return new Event(partition, offset.toString(), number, time, message(sections), annotations);
    }

    /** The message in them, wherever it came from. */
    static Message message(Sections sections) {
        Properties properties = sections.properties();
        Message.Builder message = Message.builder(sections.body());
        put(message, SystemProperty.MESSAGE_ID, properties.getMessageId());
        put(message, SystemProperty.CORRELATION_ID, properties.getCorrelationId());
        put(message, SystemProperty.USER_ID, properties.getUserId());
        put(message, SystemProperty.TO, properties.getTo());
        put(message, SystemProperty.CONTENT_TYPE, properties.getContentType());
        put(message, SystemProperty.CONTENT_ENCODING, properties.getContentEncoding());
        if (properties.hasAbsoluteExpiryTime()) {
            message.expiry(Instant.ofEpochMilli(properties.getAbsoluteExpiryTime()));
        }
        for (SystemProperty name : SystemProperty.values()) {
            put(message, name, sections.annotations().get(name.eventName()));
        }
        sections.applicationProperties()
                .forEach((name, value) -> message.property(name, value == null ? null : text(value)));
        return message.build();
    }

    /** Any value as text: ids come as strings, UUIDs, numbers and bytes. */
    static String text(Object value) {
        return value instanceof Binary binary
                ? new String(binary.asByteArray(), StandardCharsets.UTF_8)
                : value.toString();
    }

    private static void put(Message.Builder message, SystemProperty name, @Nullable Object value) {
        if (value != null) {
            message.system(name, text(value));
        }
    }

    private static RemoteProtocolException missing(
            String partition, String annotation, String wanted, @Nullable Object found) {
        return new RemoteProtocolException("an event of partition [" + partition + "] has "
                + (found == null ? "no " + annotation : annotation + " [" + found + "]") + "; wanted is " + wanted);
    }
}
