package io.hubwire.https;

import io.hubwire.protocol.ErrorCode;

/**
 * What an error of the hub or of DPS means for a program. The number decides where it says more than the status; the
 * rest goes by status. Source: service-rest 12.2.
 */
final class ErrorCodes {
    private ErrorCodes() {}

    /**
     * @param status 300 to 599
     * @param number six digits, or 0 when the service gave none
     */
    static ErrorCode of(int status, int number) {
        return switch (number) {
            case 400001, 403010 -> ErrorCode.UNSUPPORTED; // api-version, tier
            case 400021, 400024, 500008 -> ErrorCode.TIMED_OUT;
            case 400023 -> ErrorCode.PRECONDITION_FAILED;
            case 400027, 400029, 400030, 404104, 499000 -> ErrorCode.CONNECTION_LOST;
            case 403002, 403003, 403005, 403006, 413002, 413003, 413101 -> ErrorCode.QUOTA_EXCEEDED;
            case 403004, 403007 -> ErrorCode.QUEUE_FULL;
            case 403009 -> ErrorCode.INVALID_ARGUMENT; // a message's expiry in the past
            case 403012 -> ErrorCode.DISABLED;
            case 403800 -> ErrorCode.THROTTLED;
            case 404012 -> ErrorCode.SERVER_ERROR; // the hub is failing over
            case 404103 -> ErrorCode.DEVICE_OFFLINE;
            case 500002 -> ErrorCode.CANCELLED; // a job
            default -> ofStatus(status);
        };
    }

    private static ErrorCode ofStatus(int status) {
        return switch (status) {
            case 401 -> ErrorCode.UNAUTHORIZED;
            case 403 -> ErrorCode.FORBIDDEN;
            case 404 -> ErrorCode.NOT_FOUND;
            case 405, 501 -> ErrorCode.UNSUPPORTED;
            case 408, 504 -> ErrorCode.TIMED_OUT;
            case 409 -> ErrorCode.CONFLICT;
            case 412 -> ErrorCode.PRECONDITION_FAILED;
            case 413 -> ErrorCode.TOO_LARGE;
            case 429 -> ErrorCode.THROTTLED;
            default -> {
                if (status >= 500) {
                    yield ErrorCode.SERVER_ERROR;
                }
                yield status >= 400 ? ErrorCode.INVALID_ARGUMENT : ErrorCode.MALFORMED_REPLY;
            }
        };
    }
}
