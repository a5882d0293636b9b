package io.hubwire.localhub.engine;

import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.protocol.DpsError;

/** Refusals as DPS numbers them. Source: dps 3. */
final class DpsRefusals {
    /**
     * An enrollment that is created twice: HTTP 409 is known, its number is inferred from its neighbours 404201 and
     * 409203.
     */
    private static final int ENROLLMENT_EXISTS = 409201;

    private DpsRefusals() {}

    static DpsRefusal refusal(DpsError error, String detail) {
        return new DpsRefusal(error.httpStatus(), error.number(), detail, null);
    }

    /**
     * One answer for a wrong key, certificate, scope or id: 401002.
     *
     * @param why for the hub's log and its reader
     */
    static DpsRefusal unauthorized(String why) {
        return refusal(DpsError.UNAUTHORIZED, "Unauthorized: " + why);
    }

    static DpsRefusal invalid(String detail) {
        return refusal(DpsError.INVALID_ARGUMENT, detail);
    }

    static DpsRefusal notFound(Kind kind, String id) {
        return kind == Kind.INDIVIDUAL
                ? refusal(DpsError.ENROLLMENT_NOT_FOUND, "Enrollment not found: " + id)
                : refusal(DpsError.ENROLLMENT_GROUP_NOT_FOUND, "Enrollment group not found: " + id);
    }

    static DpsRefusal exists(String id) {
        return new DpsRefusal(409, ENROLLMENT_EXISTS, "Enrollment already exists: " + id, null);
    }

    static DpsRefusal etagMismatch(String what) {
        return refusal(DpsError.ETAG_MISMATCH, "The etag does not match that of " + what);
    }
}
