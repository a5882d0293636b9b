package io.hubwire.protocol;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a message says about itself, under each name it has on the way. One table, so that MQTT, HTTPS and AMQP cannot
 * disagree. Sources: mqtt-device 2.3, device-http section "headers", amqp 4.5. Order is the order we write in.
 */
public enum SystemProperty {
    /** Where a module's message leaves it; routed on by an Edge hub only. */
    OUTPUT_NAME("$.on", "iothub-outputname", "iothub-outputname"),
    /** Up to 128 ASCII characters; correlates C2D with its feedback. */
    MESSAGE_ID("$.mid", "iothub-messageid", "message-id"),
    CORRELATION_ID("$.cid", "iothub-correlationid", "correlation-id"),
    USER_ID("$.uid", "iothub-userid", "user-id"),
    /** Destination; the hub writes it on C2D. */
    TO("$.to", "iothub-to", "to"),
    /** For example {@code application/json}. */
    CONTENT_TYPE("$.ct", "iothub-contenttype", "content-type"),
    /** For example {@code utf-8}; not a compression. */
    CONTENT_ENCODING("$.ce", "iothub-contentencoding", "content-encoding"),
    /** When the device made it: ISO 8601 text, carried as it came. */
    CREATION_TIME("$.ctime", "iothub-creation-time-utc", "iothub-creation-time-utc"),
    /** Absolute expiry: ISO 8601 text, carried as it came. */
    EXPIRY("$.exp", "iothub-expiry", "absolute-expiry-time"),
    /** Plug and Play component. */
    COMPONENT("$.sub", "iothub-dt-subject", "dt-subject"),
    /** Security interface. */
    INTERFACE_ID("$.ifid", "iothub-interface-id", "iothub-interface-id"),
    MESSAGE_SCHEMA("$.schema", "iothub-message-schema", "iothub-message-schema"),
    /** Distributed tracing. */
    DIAGNOSTIC_ID("$.diagid", "iothub-diagnostic-id", "diagnostic-id"),
    DIAGNOSTIC_CONTEXT("$.diagctx", "iothub-diagnostic-context", "diagnostic-context"),
    /** Sender of a message routed between modules; the hub overwrites it with the authenticated identity. */
    CONNECTION_DEVICE_ID("$.cdid", "iothub-connection-device-id", "iothub-connection-device-id"),
    CONNECTION_MODULE_ID("$.cmid", "iothub-connection-module-id", "iothub-connection-module-id"),
    /** C2D only: which feedback the sender wants, {@code none|positive|negative|full}. No {@code $.} on the wire. */
    ACK("iothub-ack", "iothub-ack", "iothub-ack"),
    /** Reserved. */
    OPERATION("iothub-operation", "iothub-operation", "iothub-operation");

    private static final Map<String, SystemProperty> BY_MQTT_KEY = index(SystemProperty::mqttKey);
    private static final Map<String, SystemProperty> BY_HTTP_HEADER = index(SystemProperty::httpHeader);

    private final String mqttKey;
    private final String httpHeader;
    private final String eventName;

    SystemProperty(String mqttKey, String httpHeader, String eventName) {
        this.mqttKey = mqttKey;
        this.httpHeader = httpHeader;
        this.eventName = eventName;
    }

    /** The decoded key in an MQTT property bag. */
    public String mqttKey() {
        return mqttKey;
    }

    /** The header over HTTPS, lower case. */
    public String httpHeader() {
        return httpHeader;
    }

    /** The name a reader of the event endpoint sees (AMQP property or message annotation). */
    public String eventName() {
        return eventName;
    }

    /** By the decoded key of an MQTT bag; case-sensitive. */
    public static Optional<SystemProperty> byMqttKey(String key) {
        return Optional.ofNullable(BY_MQTT_KEY.get(key));
    }

    /** By HTTP header name, in any case. */
    public static Optional<SystemProperty> byHttpHeader(String name) {
        return Optional.ofNullable(BY_HTTP_HEADER.get(name.toLowerCase(Locale.ROOT)));
    }

    private static Map<String, SystemProperty> index(Function<SystemProperty, String> name) {
        return Stream.of(values()).collect(Collectors.toUnmodifiableMap(name, Function.identity()));
    }
}
