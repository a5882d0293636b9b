package io.hubwire.cli.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.Provisioning;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;

/** A local hub of this process, before anybody knows that it is there. */
public final class EngineTarget implements RegistryTarget {
    private static final int CONFLICT = 409;

    private final Hub hub;

    public EngineTarget(Hub hub) {
        this.hub = hub;
    }

    @Override
    public List<Refusal> bulk(List<ObjectNode> entries) {
        ArrayNode items = Json.array();
        entries.forEach(items::add);
        List<Refusal> refusals = new ArrayList<>();
        for (JsonNode error : hub.registry().bulk(items).path("errors")) {
            String deviceId = error.path("deviceId").asText();
            Identity identity = error.hasNonNull("moduleId")
                    ? Identity.module(deviceId, error.path("moduleId").asText())
                    : Identity.device(deviceId);
            refusals.add(new Refusal(
                    identity,
                    error.path("errorCode").asText(),
                    error.path("errorStatus").asText()));
        }
        return refusals;
    }

    @Override
    public void enroll(boolean group, ObjectNode document) {
        Provisioning.Kind kind = group ? Provisioning.Kind.GROUP : Provisioning.Kind.INDIVIDUAL;
        String id =
                document.path(group ? "enrollmentGroupId" : "registrationId").asText();
        try {
            put(kind, id, document);
        } catch (Provisioning.DpsRefusal e) {
            throw new InvalidInputException("enrollment [" + id + "]: " + e.detail() + " (" + e.errorCode() + ")", e);
        }
    }

    private void put(Provisioning.Kind kind, String id, ObjectNode document) {
        try {
            hub.provisioning().putEnrollment(kind, id, document, new ETagMatch.Absent());
        } catch (Provisioning.DpsRefusal e) {
            if (e.status() != CONFLICT) {
                throw e;
            }
            hub.provisioning().putEnrollment(kind, id, document, new ETagMatch.Any());
        }
    }
}
