package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.protocol.DpsError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The local DPS in the JSON of its APIs (dps 2 and 6). The device API is the same over HTTPS and over MQTT. Refusals are
 * {@link DpsRefusal}, numbered as DPS numbers them.
 */
public interface Provisioning {
    /** Bytes of a request of the device API. Source: dps 1, limits. */
    int MAX_REQUEST_BYTES = 96 * 1024;

    /** @throws DpsRefusal 400004 when a request is longer than {@link #MAX_REQUEST_BYTES} */
    static void requireSize(long bytes) {
        if (bytes > MAX_REQUEST_BYTES) {
            throw new DpsRefusal(
                    DpsError.INVALID_ARGUMENT.httpStatus(),
                    DpsError.INVALID_ARGUMENT.number(),
                    "the request has " + bytes + " bytes; the limit is " + MAX_REQUEST_BYTES,
                    null);
        }
    }

    /**
     * An answer of the device API.
     *
     * @param status HTTP-style status, 200 or 202
     * @param retryAfter present on 202
     */
    record Answer(int status, ObjectNode body, Optional<Duration> retryAfter) {}

    /** A refusal with a DPS error number. */
    final class DpsRefusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final int errorCode;
        private final @Nullable Duration retryAfter;

        public DpsRefusal(int status, int errorCode, String detail, @Nullable Duration retryAfter) {
            super(detail, null, false, false);
            this.status = status;
            this.errorCode = errorCode;
            this.retryAfter = retryAfter;
        }

        /** HTTP-style status, 400 to 599. */
        public int status() {
            return status;
        }

        /** For example 401002. */
        public int errorCode() {
            return errorCode;
        }

        public Optional<Duration> retryAfter() {
            return Optional.ofNullable(retryAfter);
        }

        /** The detail given; never null. */
        public String detail() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * Checks who asks, as CONNECT over MQTT does.
     *
     * @param registrationId as spelled by the device
     * @throws DpsRefusal 401
     */
    void authenticate(String idScope, String registrationId, Credentials credentials);

    /**
     * Registers a device: decides by its enrollment, and sees to the device in the hub.
     *
     * @param body the request's, at least an object; its {@code registrationId}, if any, must be the one given
     * @param askedHost the name by which DPS was addressed, which the assignment repeats; null if unknown
     * @throws DpsRefusal 400004, 401002, 409203 another registration of this id was faster
     */
    Answer register(
            String idScope, String registrationId, Credentials credentials, JsonNode body, @Nullable String askedHost);

    /**
     * Poll.
     *
     * @throws DpsRefusal 404202 unknown operation
     */
    Answer operation(String idScope, String registrationId, Credentials credentials, String operationId);

    /** Status look-up: a bare registration state. */
    ObjectNode status(String idScope, String registrationId, Credentials credentials);

    /** Individual enrollments, or groups, of the service API. */
    enum Kind {
        INDIVIDUAL,
        GROUP
    }

    /**
     * Lets a back end in at the service API of DPS, policy {@code provisioningserviceowner}.
     *
     * @throws DpsRefusal 401
     */
    void authenticateService(String token);

    ObjectNode getEnrollment(Kind kind, String id);

    /**
     * Create without {@code If-Match}, else update.
     *
     * @throws DpsRefusal 400, 404201, 404204, 409, 412
     */
    ObjectNode putEnrollment(Kind kind, String id, ObjectNode body, ETagMatch ifMatch);

    void deleteEnrollment(Kind kind, String id, ETagMatch ifMatch);

    List<ObjectNode> listEnrollments(Kind kind);

    /** The attestation with its keys. */
    ObjectNode attestation(Kind kind, String id);

    ObjectNode bulkEnrollments(Kind kind, ObjectNode body);

    ObjectNode getRegistration(String registrationId);

    void deleteRegistration(String registrationId, ETagMatch ifMatch);

    /** Registrations of a group. */
    List<ObjectNode> listRegistrations(String groupId);
}
