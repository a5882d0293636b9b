package io.hubwire.events;

import io.hubwire.events.amqp.SectionWriter;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Limits;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.WireTime;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.types.messaging.ApplicationProperties;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.jspecify.annotations.Nullable;

/** A cloud-to-device message as AMQP sections. Source: amqp 6. */
final class C2dEncoder {
    /** What official clients turn into an AMQP uuid; any other text stays text. */
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

    private C2dEncoder() {}

    /** @throws InvalidInputException when the hub would refuse it for its size or id, or its expiry is no time */
    static ProtonBuffer encode(Identity target, Message message) {
        Limits.c2dViolation(message).ifPresent(violation -> {
            throw new InvalidInputException(violation);
        });
        Properties properties = new Properties();
        properties.setTo(to(target));
        message.messageId().map(C2dEncoder::id).ifPresent(properties::setMessageId);
        message.correlationId().map(C2dEncoder::id).ifPresent(properties::setCorrelationId);
        message.userId().ifPresent(id -> properties.setUserId(SectionWriter.utf8(id)));
        message.contentType().ifPresent(type -> properties.setContentType(SectionWriter.ascii(type)));
        message.contentEncoding().ifPresent(encoding -> properties.setContentEncoding(SectionWriter.ascii(encoding)));
        message.expiry()
                .ifPresent(expiry -> properties.setAbsoluteExpiryTime(WireTime.parse(expiry)
                        .orElseThrow(() -> new InvalidInputException(
                                "expiry [" + expiry + "] is no ISO 8601 time such as 2030-01-01T00:00:00Z"))
                        .toEpochMilli()));
        Map<String, @Nullable Object> application = new LinkedHashMap<>(message.properties());
        message.get(SystemProperty.ACK).ifPresent(ack -> application.put(SystemProperty.ACK.mqttKey(), ack));
        return new SectionWriter()
                .draft(message.bodyLength())
                .add(properties)
                .addUnlessEmpty(new ApplicationProperties(application))
                .add(new Data(message.body()))
                .finish();
    }

    /** {@code /devices/{d}[/modules/{m}]/messages/devicebound}, ids percent-encoded. */
    static String to(Identity target) {
        return "/devices/" + encode(target.deviceId())
                + target.moduleId().map(m -> "/modules/" + encode(m)).orElse("") + "/messages/devicebound";
    }

    private static Object id(String text) {
        return UUID_FORM.matcher(text).matches() ? UUID.fromString(text) : text;
    }

    private static String encode(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8); // ids have no blanks
    }
}
