package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;

/** The AMQP conditions the hub uses, and which of its errors becomes which. Source: amqp 6. */
final class Conditions {
    static final String UNAUTHORIZED = "amqp:unauthorized-access";
    static final String NOT_FOUND = "amqp:not-found";
    static final String NOT_IMPLEMENTED = "amqp:not-implemented";
    static final String NOT_ALLOWED = "amqp:not-allowed";
    static final String INTERNAL_ERROR = "amqp:internal-error";
    static final String RESOURCE_LIMIT = "amqp:resource-limit-exceeded";
    static final String DETACH_FORCED = "amqp:link:detach-forced";
    static final String MESSAGE_SIZE = "amqp:link:message-size-exceeded";
    static final String REDIRECT = "amqp:link:redirect";
    static final String STOLEN = "amqp:link:stolen";
    static final String CONNECTION_FORCED = "amqp:connection:forced";
    static final String ARGUMENT = "com.microsoft:argument-error";
    static final String ARGUMENT_RANGE = "com.microsoft:argument-out-of-range";

    private Conditions() {}

    /** The words by which the Event Hubs clients tell a missing entity from a missing service. Source: core-amqp, errors. */
    static String entityNotFound(String entity) {
        return "The messaging entity '" + entity + "' could not be found.";
    }

    /** The condition for a refusal, with its text. */
    static ErrorCondition of(HubException refusal) {
        return new ErrorCondition(of(refusal.error()), refusal.detail());
    }

    /** The condition's symbol. */
    static String of(HubError error) {
        return switch (error) {
            case DEVICE_MAXIMUM_QUEUE_DEPTH_EXCEEDED,
                    DEVICE_MAXIMUM_QUEUE_SIZE_EXCEEDED,
                    IOT_HUB_MAX_CBS_TOKEN_EXCEEDED -> RESOURCE_LIMIT;
            case IOT_HUB_QUOTA_EXCEEDED, JOB_QUOTA_EXCEEDED -> "com.microsoft:quota-exceeded";
            case IOT_HUB_SUSPENDED -> "com.microsoft:iot-hub-suspended";
            case IOT_HUB_NOT_FOUND -> "com.microsoft:iot-hub-not-found-error";
            case INVALID_MESSAGE_EXPIRY_TIME -> ARGUMENT_RANGE;
            case MESSAGE_TOO_LARGE -> MESSAGE_SIZE;
            case DEVICE_MESSAGE_LOCK_LOST -> "com.microsoft:message-lock-lost";
            case DEVICE_ALREADY_EXISTS, MODULE_ALREADY_EXISTS_ON_DEVICE -> "com.microsoft:device-already-exists";
            case GENERIC_TIMEOUT, GATEWAY_TIMEOUT, REQUEST_TIMED_OUT -> "com.microsoft:timeout";
            default -> byStatus(error.httpStatus());
        };
    }

    private static String byStatus(int status) {
        return switch (status) {
            case 400, 415 -> ARGUMENT;
            case 401 -> UNAUTHORIZED;
            case 403, 405 -> NOT_ALLOWED;
            case 404 -> NOT_FOUND;
            case 412 -> "com.microsoft:precondition-failed";
            case 413 -> RESOURCE_LIMIT;
            case 429 -> "com.microsoft:device-container-throttled";
            default -> INTERNAL_ERROR;
        };
    }
}
