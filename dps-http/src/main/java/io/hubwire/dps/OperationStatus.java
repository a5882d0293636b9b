package io.hubwire.dps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What register and poll answer with when they succeed. Source: dps 2.3.
 *
 * @param operationId null when absent
 * @param state what {@code registrationState} holds, or next to nothing while assigning; its status is the operation's
 */
record OperationStatus(@Nullable String operationId, RegistrationState state) {
    /** Reads a body, or nothing when it is no JSON object: a proxy's page, say. */
    static Optional<OperationStatus> parse(String body) {
        try {
            ObjectNode operation = Json.parseObject("DPS's answer", body);
            String id = operation.path("operationId").asText("");
            ObjectNode state =
                    operation.path("registrationState") instanceof ObjectNode o ? o.deepCopy() : Json.object();
            state.put("status", operation.path("status").asText(""));
            return Optional.of(new OperationStatus(id.isEmpty() ? null : id, RegistrationState.of(state)));
        } catch (RemoteProtocolException unreadable) {
            return Optional.empty();
        }
    }

    /** The key for the TPM in a 401 that is a challenge; empty when it is a plain refusal. Source: dps 2.7. */
    static Optional<String> challenge(String body) {
        try {
            String key = Json.parseObject("challenge", body)
                    .path("authenticationKey")
                    .asText("");
            return key.isEmpty() ? Optional.empty() : Optional.of(key);
        } catch (RemoteProtocolException noJson) {
            return Optional.empty();
        }
    }
}
