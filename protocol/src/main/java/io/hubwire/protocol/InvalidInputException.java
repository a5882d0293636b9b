package io.hubwire.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Text from outside the program (a connection string, a PEM file, a command line, an id) breaks a rule. Nothing was
 * sent. Unlike {@link IllegalArgumentException} this is not the programmer's mistake, so it is worth showing to a user.
 */
public final class InvalidInputException extends HubwireException {
    private static final long serialVersionUID = 1L;

    /** @param message what was read, the offending part in brackets (never a secret), the position and the rule */
    public InvalidInputException(String message) {
        this(message, null);
    }

    public InvalidInputException(String message, @Nullable Throwable cause) {
        super(ErrorCode.INVALID_ARGUMENT, message, cause);
    }
}
