package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.qpid.protonj2.types.Binary;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.jspecify.annotations.Nullable;

/** Reads a cloud-to-device message a back end sent. Source: amqp 6. */
final class DeviceboundDecoder {
    private static final Pattern TO =
            Pattern.compile("devices/([^/]+)(?:/modules/([^/]+))?/messages/devicebound", Pattern.CASE_INSENSITIVE);
    private static final Set<String> ACKS = Set.of("none", "positive", "negative", "full");

    /** Who it is for, and what it says. */
    record Addressed(Identity target, Message message) {}

    private DeviceboundDecoder() {}

    /** @throws HubException 400004 when {@code to}, the ack or an id breaks its rule */
    static Addressed decode(Sections sections) {
        Properties properties = sections.properties();
        Message.Builder message = Message.builder(sections.body());
        put(message, SystemProperty.MESSAGE_ID, idText(properties.getMessageId()));
        put(message, SystemProperty.CORRELATION_ID, idText(properties.getCorrelationId()));
        put(message, SystemProperty.USER_ID, idText(properties.getUserId()));
        put(message, SystemProperty.CONTENT_TYPE, properties.getContentType());
        put(message, SystemProperty.CONTENT_ENCODING, properties.getContentEncoding());
        if (properties.hasAbsoluteExpiryTime()) {
            message.expiry(Instant.ofEpochMilli(properties.getAbsoluteExpiryTime()));
        }
        if (properties.hasCreationTime()) {
            message.creationTime(Instant.ofEpochMilli(properties.getCreationTime()));
        }
        for (Map.Entry<String, @Nullable Object> property :
                sections.applicationProperties().entrySet()) {
            String value =
                    property.getValue() == null ? null : property.getValue().toString();
            if (property.getKey().equals(SystemProperty.ACK.mqttKey())) {
                message.system(SystemProperty.ACK, ack(value));
            } else {
                message.property(property.getKey(), value);
            }
        }
        return new Addressed(target(properties.getTo()), message.build());
    }

    /** The text of an id, whatever its AMQP type: feedback and devices see text. */
    static @Nullable String idText(@Nullable Object id) {
        if (id instanceof Binary binary) {
            return new String(binary.asByteArray(), StandardCharsets.UTF_8);
        }
        return id == null ? null : id.toString();
    }

    private static Identity target(@Nullable String to) {
        Matcher form = TO.matcher(NodeAddress.normalise(to));
        if (!form.matches()) {
            throw bad("to [" + to + "] is not /devices/{deviceId}[/modules/{moduleId}]/messages/devicebound");
        }
        try {
            String device = percentDecode(form.group(1));
            String module = form.group(2);
            return module == null ? Identity.device(device) : Identity.module(device, percentDecode(module));
        } catch (InvalidInputException | IllegalArgumentException broken) {
            throw bad("to [" + to + "]: " + broken.getMessage());
        }
    }

    private static String percentDecode(String segment) {
        // a plus is a plus in a path; the JDK decodes forms
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static @Nullable String ack(@Nullable String value) {
        if (value != null && !ACKS.contains(value)) {
            throw bad("iothub-ack [" + value + "] is none of none, positive, negative, full");
        }
        return value;
    }

    private static void put(Message.Builder message, SystemProperty name, @Nullable String value) {
        if (value != null) {
            message.system(name, value);
        }
    }

    private static HubException bad(String detail) {
        return new HubException(HubError.ARGUMENT_INVALID, detail);
    }
}
