package io.hubwire.events.amqp;

import io.hubwire.protocol.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;

/** AMQP conditions as error codes. Source: amqp 6; for events also amqp 4.4. */
public final class Failures {
    /** Where an address lies elsewhere; the info map says where. */
    public static final String REDIRECT = "amqp:link:redirect";

    private Failures() {}

    /** The exception for a condition the peer gave, or for its giving none. @param what was tried, for the text */
    public static AmqpException of(@Nullable ErrorCondition error, String what) {
        if (error == null || error.getCondition() == null) {
            return new AmqpException(ErrorCode.CONNECTION_LOST, "", what + ": ended by the service", Map.of(), null);
        }
        String condition = error.getCondition().toString();
        String description = error.getDescription() == null ? "" : ": " + error.getDescription();
        Map<String, Object> info = new LinkedHashMap<>();
        if (error.getInfo() != null) {
            error.getInfo().forEach((name, value) -> {
                if (value != null) {
                    info.put(name.toString(), value);
                }
            });
        }
        return new AmqpException(code(condition), condition, what + ": " + condition + description, info, null);
    }

    /** The exception for a status such as 401 in the answer of {@code $cbs} or {@code $management}. */
    static AmqpException ofStatus(int status, String condition, String description, String what) {
        String text = what + ": " + status + (description.isEmpty() ? "" : " " + description);
        return new AmqpException(byStatus(status), condition, text, Map.of(), null);
    }

    static ErrorCode code(String condition) {
        return switch (condition) {
            case "amqp:unauthorized-access" -> ErrorCode.UNAUTHORIZED;
            case "amqp:not-found", "com.microsoft:iot-hub-not-found-error" -> ErrorCode.NOT_FOUND;
            case "amqp:resource-limit-exceeded" -> ErrorCode.QUEUE_FULL;
            case "amqp:link:message-size-exceeded" -> ErrorCode.TOO_LARGE;
            case "amqp:link:stolen" -> ErrorCode.TAKEN_OVER;
            case "amqp:link:detach-forced", "amqp:connection:forced" -> ErrorCode.CONNECTION_LOST;
            case "amqp:not-implemented" -> ErrorCode.UNSUPPORTED;
            case "amqp:not-allowed" -> ErrorCode.FORBIDDEN;
            case "com.microsoft:argument-error", "com.microsoft:argument-out-of-range", "amqp:invalid-field" ->
                ErrorCode.INVALID_ARGUMENT;
            case "com.microsoft:quota-exceeded" -> ErrorCode.QUOTA_EXCEEDED;
            case "com.microsoft:device-container-throttled", "com.microsoft:server-busy" -> ErrorCode.THROTTLED;
            case "com.microsoft:timeout" -> ErrorCode.TIMED_OUT;
            case "com.microsoft:precondition-failed", "com.microsoft:message-lock-lost" ->
                ErrorCode.PRECONDITION_FAILED;
            case "com.microsoft:device-already-exists" -> ErrorCode.CONFLICT;
            case "com.microsoft:iot-hub-suspended" -> ErrorCode.DISABLED;
            default -> ErrorCode.SERVER_ERROR;
        };
    }

    private static ErrorCode byStatus(int status) {
        return switch (status) {
            case 400 -> ErrorCode.INVALID_ARGUMENT;
            case 401 -> ErrorCode.UNAUTHORIZED;
            case 403 -> ErrorCode.FORBIDDEN;
            case 404 -> ErrorCode.NOT_FOUND;
            case 429 -> ErrorCode.THROTTLED;
            case 501 -> ErrorCode.UNSUPPORTED;
            default -> ErrorCode.SERVER_ERROR;
        };
    }
}
