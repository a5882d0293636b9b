package io.hubwire.mqtt;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.json.ServiceErrorBody;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The hub refused a twin request. The connection goes on. Source: mqtt-device 5, "Response statuses". */
public final class TwinException extends HubwireException {
    private static final long serialVersionUID = 1L;

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;

    private final int status;
    private final int errorCode;
    private final @Nullable String trackingId;

    private TwinException(ErrorCode code, String message, int status, int errorCode, @Nullable String trackingId) {
        super(code, message, null);
        this.status = status;
        this.errorCode = errorCode;
        this.trackingId = trackingId;
    }

    static TwinException of(String request, int status, byte[] body) {
        ServiceErrorBody error = ServiceErrorBody.parse(new String(body, StandardCharsets.UTF_8), null);
        Integer number = error.number();
        String text = "hub answered " + status + " to [" + request + "]"
                + (number == null ? "" : ", error " + number)
                + (error.message().isEmpty() ? "" : ": " + error.message());
        return new TwinException(codeOf(status), text, status, number == null ? 0 : number, error.trackingId());
    }

    private static ErrorCode codeOf(int status) {
        return switch (status) {
            case BAD_REQUEST -> ErrorCode.INVALID_ARGUMENT;
            case FORBIDDEN -> ErrorCode.QUOTA_EXCEEDED;
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case PRECONDITION_FAILED -> ErrorCode.PRECONDITION_FAILED;
            case TOO_MANY_REQUESTS -> ErrorCode.THROTTLED;
            default -> status >= SERVER_ERRORS ? ErrorCode.SERVER_ERROR : ErrorCode.MALFORMED_REPLY;
        };
    }

    /** As an HTTP status: 400, 412, 429, 5xx. */
    public int status() {
        return status;
    }

    /** Six digits, or 0 when the answer named none. */
    public int errorCode() {
        return errorCode;
    }

    /** For the operator's support call. */
    public Optional<String> trackingId() {
        return Optional.ofNullable(trackingId);
    }
}
