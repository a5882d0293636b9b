package io.hubwire.https;

import io.hubwire.protocol.HubError;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers of the hub that are errors, as exceptions. Pure. */
public final class ServiceErrors {
    private static final int LONGEST_QUOTE = 200;

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
        Optional<HubError> error = response.header("iothub-errorcode").flatMap(HubError::byName);
        int number = error.map(HubError::number).orElse(0);
        @Nullable String name = error.map(HubError::wireName).orElse(null);
        String message = request + " answered " + response.status() + ": " + quote(response.text());
        return new ServiceException(
                ErrorCodes.of(response.status(), number),
                message,
                response.status(),
                number,
                name,
                null,
                response.retryAfter().orElse(null));
    }

    private static String quote(String body) {
        String text = WireText.mask(body);
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
    }
}
