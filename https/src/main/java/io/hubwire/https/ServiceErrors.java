package io.hubwire.https;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.json.ServiceErrorBody;
import java.util.Optional;

/** Answers of the hub that are errors, as exceptions: both forms of error body, and bodies that are neither. Pure. */
public final class ServiceErrors {
    private static final int LONGEST_QUOTE = 300;

    private ServiceErrors() {}

    /**
     * The answer itself when its status is 200 to 299.
     *
     * @param request what was asked, for the text
     * @throws ServiceException otherwise
     */
    public static HttpsResponse requireSuccess(HttpsRequest request, HttpsResponse response) {
        if (response.isSuccess()) {
            return response;
        }
        throw of(request, response);
    }

    /** The exception for an answer that is an error. */
    public static ServiceException of(HttpsRequest request, HttpsResponse response) {
        ServiceErrorBody body = ServiceErrorBody.parse(
                response.text(), response.header(ServiceErrorBody.HEADER).orElse(null));
        Optional<HubError> known = body.error();
        Optional<Integer> number = Optional.ofNullable(body.number()).or(() -> known.map(HubError::number));
        Optional<String> name = Optional.ofNullable(body.name()).or(() -> known.map(HubError::wireName));
        return new ServiceException(
                known.map(HubError::code).orElseGet(() -> ErrorCode.ofHttpStatus(response.status())),
                text(request, response.status(), number, name, body),
                response.status(),
                number.orElse(0),
                name.orElse(null),
                body.trackingId(),
                response.retryAfter().orElse(null));
    }

    /** For example: {@code GET /devices/d1?… refused with 404, 404001 DeviceNotFound: d1 (tracking id …)}. */
    private static String text(
            HttpsRequest request, int status, Optional<Integer> number, Optional<String> name, ServiceErrorBody body) {
        StringBuilder out =
                new StringBuilder().append(request).append(" refused with ").append(status);
        if (number.isPresent() || name.isPresent()) {
            out.append(',');
            number.ifPresent(n -> out.append(' ').append(n));
            name.ifPresent(n -> out.append(' ').append(n));
        }
        String message = quote(body.message());
        if (!message.isEmpty()) {
            out.append(": ").append(message);
        }
        String trackingId = body.trackingId();
        if (trackingId != null && !trackingId.isEmpty()) {
            out.append(" (tracking id ").append(trackingId).append(')');
        }
        return out.toString();
    }

    /**
     * What a service says, as errors repeat it: it goes to logs and screens, so it is on one line, at most 300 characters,
     * and without the keys and signatures it may quote.
     */
    public static String quote(String message) {
        String text = WireText.oneLine(WireText.mask(message)).strip();
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
    }
}
