package io.hubwire.https;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The service answered, with an error. What it was about is in {@link #code()}; the rest is what the service said. */
public final class ServiceException extends HubwireException {
    private static final long serialVersionUID = 1L;

    private final int httpStatus;
    private final int errorNumber;
    private final @Nullable String errorName;
    private final @Nullable String trackingId;
    private final @Nullable Duration retryAfter;

    ServiceException(
            ErrorCode code,
            String message,
            int httpStatus,
            int errorNumber,
            @Nullable String errorName,
            @Nullable String trackingId,
            @Nullable Duration retryAfter) {
        super(code, message, null);
        this.httpStatus = httpStatus;
        this.errorNumber = errorNumber;
        this.errorName = errorName;
        this.trackingId = trackingId;
        this.retryAfter = retryAfter;
    }

    /** 300 to 599. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Six digits such as 404001, see {@link io.hubwire.protocol.HubError}; empty when the service gave none. */
    public OptionalInt errorNumber() {
        return errorNumber == 0 ? OptionalInt.empty() : OptionalInt.of(errorNumber);
    }

    /** The service's name for the error, for example {@code DeviceNotFound}. */
    public Optional<String> errorName() {
        return Optional.ofNullable(errorName);
    }

    /** What Azure support asks for. */
    public Optional<String> trackingId() {
        return Optional.ofNullable(trackingId);
    }

    /** How long the service asked us to wait. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Whether the same request, unchanged, may succeed later. */
    public boolean isRetryable() {
        return code().retryable();
    }
}
