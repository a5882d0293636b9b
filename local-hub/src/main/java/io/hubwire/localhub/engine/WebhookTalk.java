package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.AllocationWebhook.Reply;
import io.hubwire.localhub.engine.Attestor.Attested;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.localhub.engine.Registrations.Home;
import io.hubwire.protocol.DpsError;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What DPS tells a custom allocation webhook, and what it makes of the answer. Pure. Source: dps 6.2. */
final class WebhookTalk {
    private static final int OK = 200;

    private WebhookTalk() {}

    /**
     * A decision.
     *
     * @param twin overrides what a migration would bring; null when the webhook says nothing
     * @param payload for the device; null when the webhook says nothing
     */
    record Choice(
            LinkedHub hub,
            @Nullable ObjectNode twin,
            @Nullable JsonNode payload) {}

    /** Why there is no decision. */
    static final class NoChoice extends Exception {
        private static final long serialVersionUID = 1L;

        private final DpsError error;

        NoChoice(DpsError error, String detail) {
            super(detail, null, false, false);
            this.error = error;
        }

        DpsError error() {
            return error;
        }

        String detail() {
            return String.valueOf(getMessage());
        }
    }

    static ObjectNode question(
            Attested attested, @Nullable JsonNode payload, @Nullable Home home, List<LinkedHub> candidates) {
        Enrollment enrollment = attested.enrollment();
        ObjectNode question = Json.object();
        question.set(
                enrollment.kind() == Kind.INDIVIDUAL ? "individualEnrollment" : "enrollmentGroup",
                enrollment.withoutKeys());
        ObjectNode context = question.putObject("deviceRuntimeContext");
        context.put("registrationId", attested.registrationId().value());
        if (home != null) {
            context.put("currentIotHubHostName", home.hub()).put("currentDeviceId", home.deviceId());
        }
        context.set(attested.proofName(), attested.proofName().equals("tpm") ? Json.object() : attested.proof());
        if (payload != null) {
            context.set("payload", payload);
        }
        candidates.forEach(hub -> question.withArray("linkedHubs").add(hub.host()));
        return question;
    }

    /** Member names count in any case, since the documentation spells them in two ways. */
    static Choice choice(Reply reply, LinkedHubs hubs, List<LinkedHub> candidates) throws NoChoice {
        if (reply.status() != OK) {
            throw failed("Custom allocation failed with status code: " + reply.status());
        }
        JsonNode answer;
        try {
            answer = Json.parse("webhook's answer", reply.body());
        } catch (RemoteProtocolException e) {
            throw failed("Custom allocation failed: " + e.getMessage());
        }
        if (!answer.isObject()) {
            throw failed("Custom allocation failed: the webhook's answer is not a JSON object");
        }
        String host = member(answer, "iotHubHostName").asText("");
        if (host.isEmpty()) {
            throw new NoChoice(DpsError.NO_HUB_CHOSEN, "Custom allocation policy did not specify an IoT hub.");
        }
        LinkedHub hub = hubs.find(host)
                .filter(candidates::contains)
                .orElseThrow(() -> failed("Custom allocation failed: IoT hub [" + host + "] is none of "
                        + candidates.stream().map(LinkedHub::host).toList()));
        JsonNode twin = member(answer, "initialTwin");
        if (!twin.isObject() && !twin.isNull() && !twin.isMissingNode()) {
            throw failed("Custom allocation failed: initialTwin is not a JSON object");
        }
        JsonNode payload = member(answer, "payload");
        return new Choice(
                hub,
                twin instanceof ObjectNode object ? object : null,
                payload.isMissingNode() || payload.isNull() ? null : payload);
    }

    private static JsonNode member(JsonNode object, String name) {
        return object.properties().stream()
                .filter(member -> member.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(object.path(name));
    }

    private static NoChoice failed(String detail) {
        return new NoChoice(DpsError.CUSTOM_ALLOCATION_FAILED, detail);
    }
}
