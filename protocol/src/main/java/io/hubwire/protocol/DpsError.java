package io.hubwire.protocol;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The error numbers of DPS as far as anyone has seen them; its numbering is not the hub's. An open list: clients decide
 * by the HTTP status first. Source: dps 3.
 */
public enum DpsError {
    BAD_REQUEST(400000, 400),
    INVALID_ARGUMENT(400004, 400),
    /** The webhook of a custom allocation failed. */
    CUSTOM_ALLOCATION_FAILED(400207, 400),
    NO_HUB_CHOSEN(400208, 400),
    /** The hub refuses the provisioning service itself. */
    NOT_AUTHORIZED_AT_HUB(400209, 400),
    GENERIC_UNAUTHORIZED(401000, 401),
    /** Wrong key, certificate, scope or expiry. */
    UNAUTHORIZED(401002, 401),
    ENROLLMENT_NOT_FOUND(404201, 404),
    OPERATION_NOT_FOUND(404202, 404),
    ENROLLMENT_GROUP_NOT_FOUND(404204, 404),
    /** Two registrations of one id at the same time. */
    REGISTRATION_CONFLICT(409203, 409),
    ETAG_MISMATCH(412000, 412),
    THROTTLED(429001, 429),
    SERVER_ERROR(500001, 500),
    SERVICE_UNAVAILABLE(503001, 503);

    private static final Map<Integer, DpsError> BY_NUMBER =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(DpsError::number, Function.identity()));

    private final int number;
    private final int httpStatus;

    DpsError(int number, int httpStatus) {
        this.number = number;
        this.httpStatus = httpStatus;
    }

    /** Six digits, for example 401002. */
    public int number() {
        return number;
    }

    /** The HTTP status it is sent with, 400 to 599. */
    public int httpStatus() {
        return httpStatus;
    }

    public static Optional<DpsError> byNumber(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }
}
