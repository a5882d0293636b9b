package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.EventLog.PartitionInfo;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.WireTime;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.messaging.ApplicationProperties;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.DeliveryAnnotations;
import org.apache.qpid.protonj2.types.messaging.MessageAnnotations;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.jspecify.annotations.Nullable;

/** A stored event as a reader gets it. Source: amqp 4.5. */
final class EventEncoder {
    private static final Symbol SEQUENCE_NUMBER = Symbol.valueOf("x-opt-sequence-number");
    private static final Symbol OFFSET = Symbol.valueOf("x-opt-offset");
    private static final Symbol ENQUEUED_TIME = Symbol.valueOf("x-opt-enqueued-time");
    private static final String HUB_ENQUEUED_TIME = "iothub-enqueuedtime";
    private static final String SOURCE = "iothub-message-source";

    private final SectionWriter writer;

    EventEncoder(SectionWriter writer) {
        this.writer = writer;
    }

    /** @param tracked what the partition's end looks like now, for readers that asked to be told; else null */
    ProtonBuffer encode(Stored event, @Nullable PartitionInfo tracked, Instant now) {
        SectionWriter.Draft draft = writer.draft(event.message().bodyLength());
        if (tracked != null) {
            draft.add(new DeliveryAnnotations(tracking(tracked, now)));
        }
        return draft.add(new MessageAnnotations(annotations(event)))
                .add(properties(event.message()))
                .addUnlessEmpty(new ApplicationProperties(applicationProperties(event.message())))
                .add(new Data(event.message().body()))
                .finish();
    }

    private static Map<Symbol, Object> annotations(Stored event) {
        Map<Symbol, Object> all = new LinkedHashMap<>();
        event.message().system().forEach((name, value) -> {
            if (value != null && isAnnotation(name)) {
                all.put(Symbol.valueOf(name.eventName()), value);
            }
        });
        all.put(Symbol.valueOf(HUB_ENQUEUED_TIME), Date.from(event.enqueuedTime()));
        all.put(Symbol.valueOf(SOURCE), "Telemetry");
        event.annotations().forEach((name, value) -> all.put(Symbol.valueOf(name), amqpValue(value)));
        // whoever sent it is not for the message to say
        all.put(
                Symbol.valueOf(SystemProperty.CONNECTION_DEVICE_ID.eventName()),
                event.source().deviceId());
        Symbol module = Symbol.valueOf(SystemProperty.CONNECTION_MODULE_ID.eventName());
        event.source().moduleId().ifPresentOrElse(id -> all.put(module, id), () -> all.remove(module));
        all.put(SEQUENCE_NUMBER, event.sequenceNumber());
        all.put(OFFSET, event.offset());
        all.put(ENQUEUED_TIME, Date.from(event.enqueuedTime()));
        return all;
    }

    private static boolean isAnnotation(SystemProperty name) {
        return switch (name) {
            case MESSAGE_ID, CORRELATION_ID, USER_ID, TO, CONTENT_TYPE, CONTENT_ENCODING, EXPIRY -> false;
            default -> true;
        };
    }

    private static Properties properties(Message message) {
        Properties p = new Properties();
        message.messageId().ifPresent(p::setMessageId);
        message.correlationId().ifPresent(p::setCorrelationId);
        message.userId().ifPresent(id -> p.setUserId(SectionWriter.utf8(id)));
        message.get(SystemProperty.TO).ifPresent(p::setTo);
        message.contentType().ifPresent(type -> p.setContentType(SectionWriter.ascii(type)));
        message.contentEncoding().ifPresent(encoding -> p.setContentEncoding(SectionWriter.ascii(encoding)));
        // the wire wants a timestamp; text that is none has no place there
        message.expiry().flatMap(WireTime::parse).ifPresent(at -> p.setAbsoluteExpiryTime(at.toEpochMilli()));
        return p;
    }

    /** A property without a value is handed on with an empty one. Source: mqtt-device, hub-side parser, no. 4. */
    private static Map<String, Object> applicationProperties(Message message) {
        Map<String, Object> all = new LinkedHashMap<>();
        message.properties().forEach((name, value) -> all.put(name, value == null ? "" : value));
        return all;
    }

    private static Map<Symbol, Object> tracking(PartitionInfo end, Instant now) {
        Map<Symbol, Object> all = new LinkedHashMap<>();
        all.put(Symbol.valueOf("last_enqueued_sequence_number"), end.lastSequenceNumber());
        all.put(Symbol.valueOf("last_enqueued_offset"), end.lastOffset());
        Instant last = end.lastEnqueuedTime();
        all.put(Symbol.valueOf("last_enqueued_time_utc"), Date.from(last == null ? Instant.EPOCH : last));
        all.put(Symbol.valueOf("runtime_info_retrieval_time_utc"), Date.from(now));
        return all;
    }

    private static Object amqpValue(Object value) {
        return value instanceof Instant instant ? Date.from(instant) : value;
    }
}
