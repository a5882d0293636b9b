package io.hubwire.protocol.http;

import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The three ways in which HTTPS carries a message: the body as it is, everything else in headers. They differ in how the
 * content type and encoding are spelled. Header names compare without case. Sources: device-http 2.1 and 3,
 * service-rest 13.2.
 */
public enum HttpMessageForm {
    /** Telemetry, {@code POST …/messages/events}; the request's own {@code Content-Type} says nothing of the message. */
    EVENT("iothub-contenttype", "iothub-contentencoding"),
    /** Sent by a back end, {@code POST /devices/{id}/messages/deviceBound}. */
    C2D_SEND("Content-Type", "Content-Encoding"),
    /** Received by a device, {@code GET …/messages/deviceBound}; the two names have no hyphen here. */
    DEVICEBOUND("ContentType", "ContentEncoding");

    /** In front of an application property's name. */
    public static final String PROPERTY_PREFIX = "iothub-app-";

    /** Names that other SDKs use for the same thing, beside {@link SystemProperty#httpHeader()}. */
    private static final Map<String, SystemProperty> ALIASES = Map.of(
            "iothub-creationtimeutc", SystemProperty.CREATION_TIME,
            "iothub-app-iothub-creation-time-utc", SystemProperty.CREATION_TIME,
            "iothub-messageschema", SystemProperty.MESSAGE_SCHEMA,
            "dt-subject", SystemProperty.COMPONENT);

    /** Said by the hub or about the request, never by the sender about the message. */
    private static final Set<SystemProperty> NOT_THE_SENDERS = EnumSet.of(
            SystemProperty.CONNECTION_DEVICE_ID, SystemProperty.CONNECTION_MODULE_ID, SystemProperty.OPERATION);

    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

    private final String contentTypeHeader;
    private final String contentEncodingHeader;

    HttpMessageForm(String contentTypeHeader, String contentEncodingHeader) {
        this.contentTypeHeader = contentTypeHeader;
        this.contentEncodingHeader = contentEncodingHeader;
    }

    /**
     * The headers of a message, system properties first. A property without a value gets an empty header.
     *
     * @throws InvalidInputException when a name is not an HTTP token or a value is not printable ASCII, except in {@link
     *     #DEVICEBOUND}: there the sender cannot be asked, and {@code _} and {@code ?} stand for what names and values
     *     cannot carry
     */
    public Map<String, String> headers(Message message) {
        Map<String, String> headers = new LinkedHashMap<>();
        message.system().forEach((name, value) -> headers.put(headerOf(name), value(name.httpHeader(), value)));
        message.properties().forEach((name, value) -> headers.put(PROPERTY_PREFIX + name(name), value(name, value)));
        return headers;
    }

    /**
     * Reads a message from a request or answer. Headers that say nothing about a message are passed over; of a repeated
     * header the last one counts.
     *
     * @param headers in wire order, names in any case
     */
    public Message message(Collection<? extends Map.Entry<String, String>> headers, byte[] body) {
        Message.Builder message = Message.builder(body);
        for (Map.Entry<String, String> header : headers) {
            Optional<SystemProperty> system = systemProperty(header.getKey());
            if (system.isPresent()) {
                message.system(system.get(), header.getValue());
            } else if (header.getKey().toLowerCase(Locale.ROOT).startsWith(PROPERTY_PREFIX)) {
                message.property(header.getKey().substring(PROPERTY_PREFIX.length()), header.getValue());
            }
        }
        return message.build();
    }

    private Optional<SystemProperty> systemProperty(String header) {
        if (header.equalsIgnoreCase(contentTypeHeader)) {
            return Optional.of(SystemProperty.CONTENT_TYPE);
        }
        if (header.equalsIgnoreCase(contentEncodingHeader)) {
            return Optional.of(SystemProperty.CONTENT_ENCODING);
        }
        return Optional.ofNullable(ALIASES.get(header.toLowerCase(Locale.ROOT)))
                .or(() -> SystemProperty.byHttpHeader(header))
                .filter(p -> !NOT_THE_SENDERS.contains(p));
    }

    private String headerOf(SystemProperty name) {
        return switch (name) {
            case CONTENT_TYPE -> contentTypeHeader;
            case CONTENT_ENCODING -> contentEncodingHeader;
            default -> name.httpHeader();
        };
    }

    private String name(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean ok = c < 0x80 && (Character.isLetterOrDigit(c) || TOKEN_PUNCTUATION.indexOf(c) >= 0);
            out.append(ok ? c : substitute("name", name, i, '_'));
        }
        if (name.isEmpty() && this != DEVICEBOUND) {
            throw new InvalidInputException("application property with an empty name; a header needs one");
        }
        return out.toString();
    }

    private String value(String name, @Nullable String value) {
        if (value == null) {
            return "";
        }
        StringBuilder out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            out.append(c >= 0x20 && c < 0x7f ? c : substitute("value of " + name, value, i, '?'));
        }
        return out.toString();
    }

    private char substitute(String what, String text, int at, char substitute) {
        if (this == DEVICEBOUND) {
            return substitute;
        }
        throw new InvalidInputException(String.format(
                "property %s has U+%04X at position %d of %d; HTTP headers carry printable ASCII, and names only letters,"
                        + " digits and %s",
                what, (int) text.charAt(at), at + 1, text.length(), TOKEN_PUNCTUATION));
    }
}
