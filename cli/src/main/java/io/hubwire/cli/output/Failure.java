package io.hubwire.cli.output;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.dps.DpsException;
import io.hubwire.https.ServiceException;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import org.jspecify.annotations.Nullable;

/**
 * A failed command as the user sees it.
 *
 * @param what one sentence without line breaks: what was tried, what is wrong, by which rule
 * @param advice what to try next, or null when the sentence says it all
 * @param status HTTP status, or null
 * @param errorCode the service's number, or null
 */
public record Failure(
        ErrorCode code,
        ExitCode exit,
        String what,
        @Nullable String advice,
        @Nullable Integer status,
        @Nullable Integer errorCode,
        @Nullable String trackingId) {

    /** Reads an exception of ours. */
    public static Failure of(HubwireException e) {
        Integer status = null;
        Integer number = null;
        String tracking = null;
        if (e instanceof ServiceException s) {
            status = s.httpStatus();
            number = s.errorNumber().isPresent() ? s.errorNumber().getAsInt() : null;
            tracking = s.trackingId().orElse(null);
        } else if (e instanceof DpsException d) {
            status = d.httpStatus().isPresent() ? d.httpStatus().getAsInt() : null;
            number = d.errorCode().isPresent() ? d.errorCode().getAsInt() : null;
            tracking = d.trackingId().orElse(null);
        }
        String what = String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
        return new Failure(e.code(), ExitCode.of(e.code()), what, advice(e.code()), status, number, tracking);
    }

    /** The line on standard error. */
    public String line() {
        return "hubwire: " + what + (advice == null ? "" : " (" + advice + ")");
    }

    /** The document on standard output with {@code -o json}. */
    public ObjectNode json() {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        error.put("code", code.name()).put("message", what);
        error.put("status", status).put("errorCode", errorCode).put("trackingId", trackingId);
        return JsonNodeFactory.instance.objectNode().set("error", error);
    }

    private static @Nullable String advice(ErrorCode code) {
        return switch (code) {
            case UNREACHABLE -> "is the hub running? hubwire hub start; check host, port and proxy";
            case TLS_FAILED -> "name the hub's CA with --ca-file, or check the host name";
            case UNAUTHORIZED -> "check the key in the connection string and that this policy or device may do it";
            case TOKEN_EXPIRED -> "check this machine's clock";
            case FORBIDDEN -> "use a policy with that right, such as iothubowner";
            case NOT_FOUND -> "hubwire identity list shows what exists";
            case DEVICE_OFFLINE -> "start the device: hubwire device simulate, or device listen";
            case PRECONDITION_FAILED -> "read it again and repeat with the new etag";
            case THROTTLED -> "wait and try again";
            case INVALID_ARGUMENT,
                    MALFORMED_REPLY,
                    DISABLED,
                    CONFLICT,
                    TOO_LARGE,
                    QUOTA_EXCEEDED,
                    QUEUE_FULL,
                    EXPIRED,
                    TIMED_OUT,
                    CONNECTION_LOST,
                    TAKEN_OVER,
                    SERVER_ERROR,
                    UNSUPPORTED,
                    CANCELLED,
                    STORAGE_FAILED -> null;
        };
    }
}
