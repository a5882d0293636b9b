package io.hubwire.dps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.RegistrationId;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.json.Json;
import java.util.Optional;

/** The enrollment of one device. Source: dps 6.1. */
public final class IndividualEnrollment extends Enrollment {
    static final String ID = "registrationId";

    IndividualEnrollment(ObjectNode document) {
        super(document);
    }

    /** Starts one. @throws io.hubwire.protocol.InvalidInputException when the id breaks the rule of {@link RegistrationId} */
    public static Builder<IndividualEnrollment> of(String registrationId, AttestationMechanism attestation) {
        ObjectNode start = Json.object().put(ID, new RegistrationId(registrationId).value());
        return new Builder<>(start, IndividualEnrollment::new).attestation(attestation);
    }

    /** Starts one whose device is called otherwise at its hub. */
    public static Builder<IndividualEnrollment> of(
            String registrationId, AttestationMechanism attestation, DeviceId deviceId) {
        return of(registrationId, attestation).set("deviceId", deviceId.value());
    }

    /** Reads one from JSON. @throws io.hubwire.protocol.RemoteProtocolException when it is no object */
    public static IndividualEnrollment parse(String json) {
        return new IndividualEnrollment(Json.parseObject("enrollment", json));
    }

    @Override
    public String id() {
        return document().path(ID).asText("");
    }

    /** The device's name at its hub; empty when it is the registration id. */
    public Optional<String> deviceId() {
        return Optional.ofNullable(document().path("deviceId").textValue());
    }

    /** How far the device's registration is; empty when the service did not tell. */
    public Optional<RegistrationState> registrationState() {
        return document().path("registrationState") instanceof ObjectNode state
                ? Optional.of(RegistrationState.of(state))
                : Optional.empty();
    }

    /** A builder that starts from this one. */
    public Builder<IndividualEnrollment> toBuilder() {
        return new Builder<>(document(), IndividualEnrollment::new);
    }
}
