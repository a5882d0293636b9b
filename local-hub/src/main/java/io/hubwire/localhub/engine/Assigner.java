package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.Attestor.Attested;
import io.hubwire.localhub.engine.Registrations.Registration;
import io.hubwire.protocol.DpsError;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides a registration and sees to the device in the hub: creates it with the enrollment's credentials and initial
 * twin, or brings an existing one's credentials up to date. A failure is a decision too, with an error code in the state.
 * Source: dps 2.3, 3, 6.2, 6.4.
 */
final class Assigner {
    private final HubNames names;
    private final HubRegistry registry;
    private final HubTwins twins;
    private final Registrations registrations;

    Assigner(HubNames names, HubRegistry registry, HubTwins twins, Registrations registrations) {
        this.names = names;
        this.registry = registry;
        this.twins = twins;
        this.registrations = registrations;
    }

    /**
     * The registration state for a device that has proven who it is.
     *
     * @param askedHost the name by which DPS was addressed; null if unknown
     */
    ObjectNode decide(Attested attested, Optional<Registration> before, @Nullable String askedHost, Instant now) {
        ObjectNode state = Json.object();
        state.put("registrationId", attested.registrationId().value());
        state.put(
                "createdDateTimeUtc",
                before.map(b -> b.state().path("createdDateTimeUtc").asText()).orElse(WireTime.format(now)));
        Enrollment enrollment = attested.enrollment();
        if (!enrollment.enabled()) {
            state.put("status", "disabled");
        } else if (enrollment.allocatesByWebhook()) {
            fail(state, DpsError.CUSTOM_ALLOCATION_FAILED, "Custom allocation failed: this DPS calls no webhook");
        } else {
            assign(state, attested, askedHost);
        }
        state.put("lastUpdatedDateTimeUtc", WireTime.format(now));
        state.put("etag", registrations.newEtag());
        return state;
    }

    private void assign(ObjectNode state, Attested attested, @Nullable String askedHost) {
        String registrationId = attested.registrationId().value();
        String deviceId = attested.enrollment().deviceId(registrationId);
        try {
            provide(Identity.device(deviceId), attested);
        } catch (HubException e) {
            fail(state, DpsError.SERVER_ERROR, e.toString());
            return;
        } catch (InvalidInputException e) {
            fail(state, DpsError.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
            return;
        }
        state.set(attested.proofName(), attested.proof());
        state.put("assignedHub", host(askedHost));
        state.put("deviceId", deviceId);
        state.put("status", "assigned");
        // there is one hub, so a device that registers again stays where it was first assigned
        state.put("substatus", "initialAssignment");
    }

    private void provide(Identity device, Attested attested) {
        ObjectNode body = Json.object();
        body.set("authentication", attested.authentication().toJson());
        body.putObject("capabilities").put("iotEdge", attested.enrollment().edge());
        try {
            registry.create(device, body, twins.initial(attested.enrollment().initialTwin()));
        } catch (HubException e) {
            if (e.error() != HubError.DEVICE_ALREADY_EXISTS) {
                throw e;
            }
            registry.updateAuthentication(device, attested.authentication());
        }
    }

    /** The name by which DPS was addressed, if it is one of the hub's, so that the device can reach it; else the first. */
    private String host(@Nullable String asked) {
        return asked != null && names.answersTo(asked) ? asked : names.primaryHost();
    }

    private static void fail(ObjectNode state, DpsError error, String message) {
        state.put("status", "failed");
        state.put("errorCode", error.number());
        state.put("errorMessage", message);
    }
}
