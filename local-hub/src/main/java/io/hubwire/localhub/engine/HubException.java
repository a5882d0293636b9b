package io.hubwire.localhub.engine;

import io.hubwire.protocol.HubError;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The hub refuses: which of its documented errors, and why in words. Endpoints turn it into a CONNACK code, a twin
 * status, an HTTP error body or an AMQP condition. Expected in normal operation, so it carries no stack trace.
 */
public final class HubException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HubError error;
    private final @Nullable Duration retryAfter;

    /**
     * A refusal.
     *
     * @param detail what was refused and why; shown to the peer and in the hub's log, so never a secret
     */
    public HubException(HubError error, String detail) {
        this(error, detail, null);
    }

    /** @param retryAfter when asking again can make sense; null if that is unknown */
    public HubException(HubError error, String detail, @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.error = error;
        this.retryAfter = retryAfter;
    }

    public HubError error() {
        return error;
    }

    /** When asking again can make sense. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The detail given; never null. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    @Override
    public String toString() {
        return error.number() + " " + error.wireName() + ": " + getMessage();
    }
}
