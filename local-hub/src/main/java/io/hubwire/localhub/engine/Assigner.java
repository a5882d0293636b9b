package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.Attestor.Attested;
import io.hubwire.localhub.engine.Registrations.Home;
import io.hubwire.localhub.engine.Registrations.Registration;
import io.hubwire.localhub.engine.WebhookTalk.Choice;
import io.hubwire.localhub.engine.WebhookTalk.NoChoice;
import io.hubwire.localhub.store.StoreException;
import io.hubwire.protocol.DpsError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Decides a registration: chooses a hub by the enrollment's policy and sees to the device there, moving it when it was
 * elsewhere. A failure is a decision too, with an error code in the state. Source: dps 2.3, 3, 4, 6.2, 6.4.
 */
final class Assigner {
    private static final String INITIAL_ASSIGNMENT = "initialAssignment";

    private final LinkedHubs hubs;
    private final Enrollments enrollments;
    private final Registrations registrations;
    private final HubTwins twins;
    private final AllocationWebhook webhook;
    private final Clock clock;

    Assigner(
            LinkedHubs hubs,
            Enrollments enrollments,
            Registrations registrations,
            HubTwins twins,
            AllocationWebhook webhook,
            Clock clock) {
        this.hubs = hubs;
        this.enrollments = enrollments;
        this.registrations = registrations;
        this.twins = twins;
        this.webhook = webhook;
        this.clock = clock;
    }

    /**
     * A device that has proven who it is and wants a hub.
     *
     * @param payload for the webhook; null for none
     * @param askedHost the name by which DPS was addressed; null if unknown
     */
    record Request(
            Attested attested,
            Optional<Registration> before,
            @Nullable JsonNode payload,
            @Nullable String askedHost) {
        @Nullable
        Home home() {
            return before.map(Registration::home).orElse(null);
        }
    }

    /**
     * What is decided.
     *
     * @param state the registration state
     * @param home where the device is now; null for nowhere
     */
    record Decision(ObjectNode state, @Nullable Home home) {}

    /** The decision; already there unless a webhook has to be asked. Never completes exceptionally. */
    CompletableFuture<Decision> decide(Request request) {
        Enrollment enrollment = request.attested().enrollment();
        if (!enrollment.enabled()) {
            return done(request, state(request, "disabled"));
        }
        Home home = request.home();
        if (home != null && !enrollment.updatesHubAssignment()) {
            Optional<LinkedHub> same = hubs.find(home.hub());
            if (same.isPresent()) {
                return CompletableFuture.completedFuture(assign(request, new Choice(same.get(), null, null)));
            }
        }
        if (enrollment.allocation() == Enrollment.Allocation.CUSTOM) {
            return ask(request);
        }
        return CompletableFuture.completedFuture(hubs.choose(
                        enrollment, request.attested().registrationId())
                .map(hub -> assign(request, new Choice(hub, null, null)))
                .orElseGet(() -> failed(
                        request, DpsError.NO_HUB_CHOSEN, "None of " + enrollment.hubs() + " is a linked IoT hub.")));
    }

    /** What a device hears of while the decision is not made. */
    ObjectNode undecided(Request request) {
        return state(request, "assigning");
    }

    private CompletableFuture<Decision> ask(Request request) {
        Enrollment enrollment = request.attested().enrollment();
        List<LinkedHub> candidates = hubs.candidates(enrollment);
        URI address = enrollment.webhook();
        if (address == null) {
            return done(
                    request, failure(request, DpsError.CUSTOM_ALLOCATION_FAILED, "Custom allocation has no webhook."));
        }
        ObjectNode question = WebhookTalk.question(request.attested(), request.payload(), request.home(), candidates);
        return webhook.post(address, Json.writeBytes(question)).handle((reply, failure) -> {
            if (enrollments.find(enrollment.kind(), enrollment.id()).isEmpty()) {
                return failed(request, DpsError.ENROLLMENT_NOT_FOUND, "Enrollment not found.");
            }
            if (failure != null) {
                return failed(
                        request,
                        DpsError.CUSTOM_ALLOCATION_FAILED,
                        "Custom allocation failed: the webhook did not answer: " + reason(failure));
            }
            try {
                Choice choice = WebhookTalk.choice(reply, hubs, candidates);
                if (choice.twin() != null) {
                    twins.initial(choice.twin()); // refuses a bad one now
                }
                return assign(request, choice);
            } catch (NoChoice e) {
                return failed(request, e.error(), e.detail());
            } catch (HubException e) {
                return failed(
                        request, DpsError.CUSTOM_ALLOCATION_FAILED, "Custom allocation failed: initialTwin: " + e);
            }
        });
    }

    private Decision assign(Request request, Choice choice) {
        Attested attested = request.attested();
        LinkedHub hub = choice.hub();
        if (hub.stopped().getAsBoolean()) {
            return failed(request, DpsError.NOT_AUTHORIZED_AT_HUB, "Unauthorized to access the IoT hub.");
        }
        String deviceId =
                attested.enrollment().deviceId(attested.registrationId().value());
        String substatus;
        try {
            substatus = settle(Identity.device(deviceId), request, choice);
        } catch (HubException | StoreException e) {
            return failed(request, DpsError.SERVER_ERROR, e.toString());
        } catch (InvalidInputException e) {
            return failed(request, DpsError.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        }
        ObjectNode state = state(request, "assigned");
        state.set(attested.proofName(), attested.proof());
        state.put("assignedHub", nameOf(hub, request.askedHost()));
        state.put("deviceId", deviceId);
        state.put("substatus", substatus);
        if (choice.payload() != null) {
            state.set("payload", choice.payload());
        }
        return new Decision(state, Home.after(request.home(), hub.host(), deviceId));
    }

    /** @return the substatus: how the device came to where it is */
    private String settle(Identity device, Request request, Choice choice) {
        Enrollment enrollment = request.attested().enrollment();
        Authentication authentication = request.attested().authentication();
        TwinDocument initial = twins.initial(choice.twin() == null ? enrollment.initialTwin() : choice.twin());
        Home home = request.home();
        if (home == null || home.hub().equals(choice.hub().host())) {
            choice.hub().provide(device, authentication, enrollment.edge(), initial);
            return request.before()
                    .map(before -> before.state().path("substatus").asText(""))
                    .filter(substatus -> !substatus.isEmpty())
                    .orElse(INITIAL_ASSIGNMENT);
        }
        Identity formerDevice = Identity.device(home.deviceId());
        Optional<LinkedHub> former =
                hubs.find(home.hub()).filter(hub -> !hub.stopped().getAsBoolean());
        Optional<DeviceData> luggage = enrollment.migratesDeviceData() && formerDevice.equals(device)
                ? former.flatMap(hub -> hub.export(formerDevice))
                : Optional.empty();
        if (luggage.isPresent()) {
            DeviceData data = luggage.get();
            // a twin that the webhook returned counts more than what the device had
            choice.hub().take(choice.twin() == null ? data : data.withTwin(initial), authentication);
        } else {
            choice.hub().remove(device);
            choice.hub().provide(device, authentication, enrollment.edge(), initial);
        }
        former.ifPresent(hub -> hub.remove(formerDevice)); // last: a move that fails half-way leaves it where it was
        if (home.hasBeenAt(choice.hub().host())) {
            return "reprovisionedToInitialAssignment";
        }
        return luggage.isPresent() ? "deviceDataMigrated" : "deviceDataReset";
    }

    /** The own hub is told so that a device on the same machine can reach it; others by their names. */
    private String nameOf(LinkedHub hub, @Nullable String asked) {
        return asked != null && hub.equals(hubs.own()) ? hub.names().toldTo(asked) : hub.host();
    }

    private Decision failed(Request request, DpsError error, String message) {
        return new Decision(failure(request, error, message), request.home());
    }

    private ObjectNode failure(Request request, DpsError error, String message) {
        return state(request, "failed").put("errorCode", error.number()).put("errorMessage", message);
    }

    private static CompletableFuture<Decision> done(Request request, ObjectNode state) {
        return CompletableFuture.completedFuture(new Decision(state, request.home()));
    }

    private ObjectNode state(Request request, String status) {
        String now = WireTime.format(clock.instant());
        return Json.object()
                .put("registrationId", request.attested().registrationId().value())
                .put(
                        "createdDateTimeUtc",
                        request.before()
                                .map(b -> b.state().path("createdDateTimeUtc").asText())
                                .orElse(now))
                .put("status", status)
                .put("lastUpdatedDateTimeUtc", now)
                .put("etag", registrations.newEtag());
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
