package io.hubwire.protocol;

/** What went wrong, coarse enough to act on. Retry policy reads {@link #retryable()}; nothing else does. */
public enum ErrorCode {
    /** The caller asked for something the wire cannot carry or the service would certainly refuse; nothing was sent. */
    INVALID_ARGUMENT(false),
    /** The peer sent what the protocol does not allow. */
    MALFORMED_REPLY(false),
    /** Credentials refused; the same ones will be refused again. */
    UNAUTHORIZED(false),
    /** The token was refused because it has expired, or because the two clocks disagree; a new token may be accepted. */
    TOKEN_EXPIRED(true),
    /** Authenticated, but not allowed: the policy lacks the right. */
    FORBIDDEN(false),
    /** The device or module exists and is disabled. */
    DISABLED(false),
    /** No such device, module, job, enrollment, partition. */
    NOT_FOUND(false),
    /** The device exists and is not connected, or has not subscribed to methods. */
    DEVICE_OFFLINE(false),
    /** It exists already. */
    CONFLICT(false),
    /** An ETag or base version did not match, or a lock was lost: read again, then decide. */
    PRECONDITION_FAILED(false),
    /** More than 262,144 bytes of telemetry, 65,536 of C2D, or a document over its limit. */
    TOO_LARGE(false),
    /** Slow down; the operation was not carried out. */
    THROTTLED(true),
    /** The day's quota or a hard limit of the hub is used up. */
    QUOTA_EXCEEDED(false),
    /** A bounded queue (ours, or the 50 C2D messages of a device) is full. */
    QUEUE_FULL(false),
    /** The message's own expiry passed before it was delivered. */
    EXPIRED(false),
    /** Nothing answered within the deadline; the request may have been carried out. */
    TIMED_OUT(true),
    /** The name does not resolve, the port refuses, the network is away. */
    UNREACHABLE(true),
    /** The connection broke while the operation was under way; it may have been carried out. */
    CONNECTION_LOST(true),
    /** The certificate is not trusted, is not for this host, or TLS could not be agreed on. */
    TLS_FAILED(false),
    /** A second client with the same id took the connection over. */
    TAKEN_OVER(false),
    /** The service failed: 5xx. */
    SERVER_ERROR(true),
    /** This version of the peer does not offer the operation. */
    UNSUPPORTED(false),
    /** The client was closed, or the caller cancelled. */
    CANCELLED(false),
    /** A file of ours (spool, checkpoint, data folder) cannot be read or written. */
    STORAGE_FAILED(false);

    private final boolean retryable;

    ErrorCode(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same request, unchanged, may succeed later. Says nothing about whether it is safe to repeat. */
    public boolean retryable() {
        return retryable;
    }

    /**
     * What an HTTP status says when nothing says more. Also for the statuses of twin and DPS answers over MQTT, which are
     * HTTP's.
     *
     * @param status of a failure; a status that is none, below 400 or above 599, is a malformed reply
     */
    public static ErrorCode ofHttpStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHORIZED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405, 501 -> UNSUPPORTED;
            case 408, 504 -> TIMED_OUT;
            case 409 -> CONFLICT;
            case 412 -> PRECONDITION_FAILED;
            case 413 -> TOO_LARGE;
            case 429 -> THROTTLED;
            default -> status < 400 || status > 599 ? MALFORMED_REPLY : status < 500 ? INVALID_ARGUMENT : SERVER_ERROR;
        };
    }
}
