package io.hubwire.dps;

import io.hubwire.https.HttpsRequest;
import io.hubwire.https.HttpsResponse;
import io.hubwire.https.ServiceErrors;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.json.ErrorDocument;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What DPS refuses with, as exceptions. Status first, number for diagnosis: dps 3. Pure. */
final class DpsErrors {
    private DpsErrors() {}

    /**
     * The answer itself when its status is 200 to 299.
     *
     * @throws DpsException otherwise
     */
    static HttpsResponse requireSuccess(HttpsRequest request, HttpsResponse response) {
        if (response.isSuccess()) {
            return response;
        }
        throw refusal(request.toString(), response.status(), response.text());
    }

    /**
     * A refusal over HTTP.
     *
     * @param tried for example {@code PUT /enrollments/d1}
     * @param body JSON or anything else
     */
    static DpsException refusal(String tried, int status, String body) {
        return refusal(ErrorCode.ofHttpStatus(status), tried, status, body, "");
    }

    static DpsException refusal(ErrorCode code, String tried, int status, String body, String advice) {
        Optional<ErrorDocument> document = ErrorDocument.parse(body);
        StringBuilder text = new StringBuilder(tried).append(" refused with ").append(status);
        document.ifPresent(d -> text.append(", ").append(d.errorCode()));
        String message = document.map(ErrorDocument::message).orElse(body);
        if (!message.isBlank()) {
            text.append(": ").append(ServiceErrors.quote(message));
        }
        @Nullable String trackingId = document.map(ErrorDocument::trackingId).orElse(null);
        if (trackingId != null) {
            text.append(" (tracking id ").append(trackingId).append(')');
        }
        text.append(advice);
        return new DpsException(
                code,
                text.toString(),
                status,
                document.map(ErrorDocument::errorCode).orElse(null),
                trackingId,
                null);
    }

    /** A registration that was taken and then failed. */
    static DpsException failed(String tried, RegistrationState state) {
        int number = state.errorCode();
        ErrorCode code = number == 0 ? ErrorCode.SERVER_ERROR : ErrorCode.ofHttpStatus(number / 1000);
        String message = state.errorMessage() == null ? "" : ": " + ServiceErrors.quote(state.errorMessage());
        return new DpsException(
                code,
                tried + " failed at the service" + (number == 0 ? "" : " with " + number) + message,
                null,
                number == 0 ? null : number,
                null,
                null);
    }
}
