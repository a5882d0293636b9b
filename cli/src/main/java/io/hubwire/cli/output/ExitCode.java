package io.hubwire.cli.output;

import io.hubwire.protocol.ErrorCode;

/** The exit codes of every command; a promise to scripts. */
public enum ExitCode {
    DONE(0, "done"),
    FAILED(1, "the operation failed"),
    USAGE(2, "wrong options or input"),
    UNREACHABLE(3, "unreachable, or timed out"),
    REFUSED(4, "credentials refused"),
    NOT_FOUND(5, "not found"),
    CONFLICT(6, "conflict, or a precondition failed"),
    INTERRUPTED(130, "interrupted");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }

    /** The exit code that a failure with this code ends in. */
    public static ExitCode of(ErrorCode error) {
        return switch (error) {
            case INVALID_ARGUMENT -> USAGE;
            case UNAUTHORIZED, TOKEN_EXPIRED, FORBIDDEN, DISABLED -> REFUSED;
            case NOT_FOUND, DEVICE_OFFLINE -> NOT_FOUND;
            case CONFLICT, PRECONDITION_FAILED, TAKEN_OVER -> CONFLICT;
            case TIMED_OUT, UNREACHABLE, CONNECTION_LOST, TLS_FAILED -> UNREACHABLE;
            case MALFORMED_REPLY,
                    TOO_LARGE,
                    THROTTLED,
                    QUOTA_EXCEEDED,
                    QUEUE_FULL,
                    EXPIRED,
                    SERVER_ERROR,
                    UNSUPPORTED,
                    CANCELLED,
                    STORAGE_FAILED -> FAILED;
        };
    }
}
