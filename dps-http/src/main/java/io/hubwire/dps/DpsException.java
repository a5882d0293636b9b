package io.hubwire.dps;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * DPS refused, or a registration did not end well. The numbers are DPS's own and differ from a hub's: see dps 3. Decide by
 * {@link #code()}; {@link #errorCode()} is for diagnosis.
 */
public final class DpsException extends HubwireException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Integer httpStatus;
    private final @Nullable Integer errorCode;
    private final @Nullable String trackingId;

    DpsException(
            ErrorCode code,
            String message,
            @Nullable Integer httpStatus,
            @Nullable Integer errorCode,
            @Nullable String trackingId,
            @Nullable Throwable cause) {
        super(code, message, cause);
        this.httpStatus = httpStatus;
        this.errorCode = errorCode;
        this.trackingId = trackingId;
    }

    /** The HTTP status of a refusal, 400 to 599; empty when the registration failed after it was taken. */
    public OptionalInt httpStatus() {
        return optional(httpStatus);
    }

    /** DPS's number, for example 401002; empty when the body told none. */
    public OptionalInt errorCode() {
        return optional(errorCode);
    }

    /** What support asks for; empty when the body told none. */
    public Optional<String> trackingId() {
        return Optional.ofNullable(trackingId);
    }

    private static OptionalInt optional(@Nullable Integer number) {
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
