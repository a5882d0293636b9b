package io.hubwire.dps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;

/** The enrollment of all devices whose key derives from one key, or whose certificate leads to one authority. */
public final class EnrollmentGroup extends Enrollment {
    static final String ID = "enrollmentGroupId";

    EnrollmentGroup(ObjectNode document) {
        super(document);
    }

    /** Starts one. Its name is for the service to judge. */
    public static Builder<EnrollmentGroup> of(String groupId, AttestationMechanism attestation) {
        ObjectNode start = Json.object().put(ID, groupId);
        return new Builder<>(start, EnrollmentGroup::new).attestation(attestation);
    }

    /** Reads one from JSON. @throws io.hubwire.protocol.RemoteProtocolException when it is no object */
    public static EnrollmentGroup parse(String json) {
        return new EnrollmentGroup(Json.parseObject("enrollment group", json));
    }

    @Override
    public String id() {
        return document().path(ID).asText("");
    }

    /** A builder that starts from this one. */
    public Builder<EnrollmentGroup> toBuilder() {
        return new Builder<>(document(), EnrollmentGroup::new);
    }
}
