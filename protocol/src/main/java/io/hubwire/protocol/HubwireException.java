package io.hubwire.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Root of everything Hubwire throws on purpose. Programmer errors stay {@link IllegalArgumentException} and
 * {@link IllegalStateException}. The text names what was tried, the offending value in brackets and the rule; it never
 * holds a key, a token or a connection string.
 */
public abstract class HubwireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    protected HubwireException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What went wrong, for programs. */
    public final ErrorCode code() {
        return code;
    }
}
