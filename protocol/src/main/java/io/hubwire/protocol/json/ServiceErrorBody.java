package io.hubwire.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.WireTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of a hub's error answer over HTTPS. Registry calls use the plain form, methods the nested one, jobs a plain
 * one with another inside; front ends sometimes send no JSON at all. Source: service-rest 12.1.
 *
 * <pre>
 * plain  {"Message":"ErrorCode:DeviceNotFound;dev1","ExceptionMessage":"Tracking ID:…-G:0-TimeStamp:10/18/2022 20:50:39"}
 * nested {"Message":"{\"errorCode\":404103,\"trackingId\":\"…\",\"message\":\"…\"}","ExceptionMessage":""}
 * </pre>
 *
 * @param number six digits, or null when neither body nor header tells
 * @param name such as {@code DeviceNotFound}, possibly one that {@link HubError} does not know; null when unknown
 * @param message for people; the innermost text, possibly empty
 * @param trackingId for the operator's support call, or null
 */
public record ServiceErrorBody(
        @Nullable Integer number,
        @Nullable String name,
        String message,
        @Nullable String trackingId) {
    /** The response header with the error's name. */
    public static final String HEADER = "iothub-errorcode";

    private static final String CODE_PREFIX = "ErrorCode:";
    private static final String TRACKING_PREFIX = "Tracking ID:";
    private static final String TIME_PREFIX = "-TimeStamp:";
    private static final int LONGEST_NON_JSON = 500;

    /** The row of the table, when it has one. */
    public Optional<HubError> error() {
        return Optional.ofNullable(number).flatMap(HubError::byNumber).or(() -> Optional.ofNullable(name)
                .flatMap(HubError::byName));
    }

    /**
     * The plain form.
     *
     * @param trackingId 32 hex digits, made by the caller
     */
    public static String formatPlain(HubError error, String message, String trackingId, Instant when) {
        String tracking = TRACKING_PREFIX + trackingId + "-G:0" + TIME_PREFIX + WireTime.formatTracking(when);
        return Json.write(Json.object()
                .put("Message", CODE_PREFIX + error.wireName() + ";" + message)
                .put("ExceptionMessage", tracking));
    }

    /**
     * The nested form.
     *
     * @param info more facts by name; methods tell {@code timeout}
     * @param trackingId 32 hex digits, made by the caller
     */
    public static String formatNested(
            HubError error, String message, Map<String, String> info, String trackingId, Instant when) {
        String tracking = trackingId + TIME_PREFIX + WireTime.formatTracking(when);
        String inner = ErrorDocument.of(error.number(), message, tracking, when)
                .withInfo(info)
                .format();
        return Json.write(Json.object().put("Message", inner).put("ExceptionMessage", ""));
    }

    /**
     * Reads any body of an error answer. Never fails: what cannot be understood becomes the message, cut short. The
     * body's number counts most, then its name, then the header.
     *
     * @param header the value of {@value #HEADER}, or null
     */
    public static ServiceErrorBody parse(String body, @Nullable String header) {
        ServiceErrorBody read = read(body);
        return new ServiceErrorBody(
                read.number() == null && read.name() == null
                        ? Optional.ofNullable(header)
                                .flatMap(HubError::byName)
                                .map(HubError::number)
                                .orElse(null)
                        : read.number(),
                read.name() == null && read.number() == null ? header : read.name(),
                read.message(),
                read.trackingId());
    }

    private static ServiceErrorBody read(String body) {
        JsonNode json;
        try {
            json = Json.parse("error body", body);
        } catch (RemoteProtocolException notJson) {
            String text = body.strip();
            return new ServiceErrorBody(
                    null,
                    null,
                    text.length() > LONGEST_NON_JSON ? text.substring(0, LONGEST_NON_JSON) + "…" : text,
                    null);
        }
        return ErrorDocument.read(json)
                .map(ServiceErrorBody::of)
                .orElseGet(() ->
                        fromMessage(text(json, "Message", "message"), trackingId(text(json, "ExceptionMessage"))));
    }

    private static ServiceErrorBody fromMessage(String message, @Nullable String trackingId) {
        Optional<ErrorDocument> nested = ErrorDocument.parse(message);
        if (nested.isPresent()) {
            return of(nested.get());
        }
        if (!message.startsWith(CODE_PREFIX)) {
            return new ServiceErrorBody(null, null, message, trackingId);
        }
        int semicolon = message.indexOf(';');
        int end = semicolon < 0 ? message.length() : semicolon;
        String code = message.substring(CODE_PREFIX.length(), end).strip();
        String rest = message.substring(Math.min(end + 1, message.length()));
        Optional<Integer> number = HubError.byName(code).map(HubError::number).or(() -> sixDigits(code));
        String name = number.flatMap(HubError::byNumber).map(HubError::wireName).orElse(code.isEmpty() ? null : code);
        return new ServiceErrorBody(number.orElse(null), name, innermost(rest), trackingId);
    }

    private static ServiceErrorBody of(ErrorDocument document) {
        String name =
                HubError.byNumber(document.errorCode()).map(HubError::wireName).orElse(null);
        return new ServiceErrorBody(document.errorCode(), name, document.message(), withoutTime(document.trackingId()));
    }

    /** Jobs quote the whole body of the error that stopped them; the text inside is the one worth showing. */
    private static String innermost(String message) {
        int brace = message.indexOf("{\"Message\"");
        if (brace < 0) {
            return message;
        }
        ServiceErrorBody inner = read(message.substring(brace));
        return inner.name() == null && inner.number() == null ? message : inner.message();
    }

    private static Optional<Integer> sixDigits(String code) {
        return code.matches("[0-9]{6}") ? Optional.of(Integer.valueOf(code)) : Optional.empty();
    }

    private static @Nullable String trackingId(String exceptionMessage) {
        return exceptionMessage.startsWith(TRACKING_PREFIX)
                ? withoutTime(exceptionMessage.substring(TRACKING_PREFIX.length()))
                : null;
    }

    private static @Nullable String withoutTime(@Nullable String trackingId) {
        int time = trackingId == null ? -1 : trackingId.indexOf(TIME_PREFIX);
        return trackingId == null || time < 0 ? trackingId : trackingId.substring(0, time);
    }

    private static String text(JsonNode json, String... names) {
        for (String name : names) {
            if (json.path(name).isTextual()) {
                return json.path(name).textValue();
            }
        }
        return "";
    }
}
