package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.AudienceRule;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SasVerifier;
import io.hubwire.auth.SasVerifier.Verdict;
import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.localhub.engine.Assigner.Decision;
import io.hubwire.localhub.engine.Assigner.Request;
import io.hubwire.localhub.engine.Attestor.Attested;
import io.hubwire.localhub.engine.Registrations.Registration;
import io.hubwire.protocol.DpsError;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The local DPS. A registration is decided at once, unless a webhook must be asked; the device hears of it when {@link
 * EngineOptions.Dps#assigning} has passed, as {@code assigning} until then. State is in the store only, so nothing here
 * needs a lock.
 */
final class HubProvisioning implements Provisioning {
    private final EngineOptions options;
    private final Enrollments enrollments;
    private final Registrations registrations;
    private final Attestor attestor;
    private final Assigner assigner;
    private final PollLimiter polls;
    private final SasVerifier verifier;
    private final Clock clock;

    HubProvisioning(
            EngineOptions options,
            Enrollments enrollments,
            Registrations registrations,
            Attestor attestor,
            Assigner assigner,
            Clock clock) {
        this.options = options;
        this.enrollments = enrollments;
        this.registrations = registrations;
        this.attestor = attestor;
        this.assigner = assigner;
        this.polls = new PollLimiter(options.dps().pollsPer10Seconds(), clock);
        this.verifier = new SasVerifier(options.clockSkew());
        this.clock = clock;
    }

    @Override
    public void authenticate(String idScope, String registrationId, Credentials credentials) {
        Enrollment enrollment =
                attestor.attest(idScope, registrationId, credentials).enrollment();
        if (enrollment.attestation() == Enrollment.Attestation.TPM) {
            throw DpsRefusals.unauthorized("a chip attests over HTTPS only");
        }
    }

    @Override
    public Answer register(
            String idScope, String registrationId, Credentials credentials, JsonNode body, @Nullable String askedHost) {
        requireSameId(registrationId, body);
        Attestor.Result result = attestor.attest(idScope, registrationId, credentials, body);
        if (result instanceof Attestor.Challenge challenge) {
            return new Answer(challenge.status(), challenge.body(), Optional.empty());
        }
        Attested attested = (Attested) result;
        Request request = new Request(
                attested,
                registrations.find(registrationId),
                body.hasNonNull("payload") ? body.path("payload") : null,
                askedHost);
        String group = attested.enrollment().kind() == Kind.GROUP
                ? attested.enrollment().id()
                : "";
        String operationId = registrations.newOperationId();
        Instant ready = clock.instant().plus(options.dps().assigning());
        CompletableFuture<Decision> decision = assigner.decide(request);
        Decision now = decision.getNow(null);
        if (now == null) {
            ObjectNode undecided = assigner.undecided(request);
            registrations.put(
                    registrationId, new Registration(undecided, operationId, Instant.MAX, group, request.home()));
            decision.thenAccept(later -> registrations.decided(
                    registrationId, new Registration(later.state(), operationId, ready, group, later.home())));
        } else {
            registrations.put(registrationId, new Registration(now.state(), operationId, ready, group, now.home()));
        }
        return new Answer(
                202,
                Json.object().put("operationId", operationId).put("status", "assigning"),
                Optional.of(options.dps().retryAfter()));
    }

    @Override
    public Answer operation(String idScope, String registrationId, Credentials credentials, String operationId) {
        attestor.attest(idScope, registrationId, credentials);
        polls.poll(registrationId.toLowerCase(Locale.ROOT));
        Registration registration = registrations
                .find(registrationId)
                .filter(r -> r.operationId().equals(operationId))
                .orElseThrow(
                        () -> DpsRefusals.refusal(DpsError.OPERATION_NOT_FOUND, "Operation not found: " + operationId));
        ObjectNode body = Json.object().put("operationId", operationId);
        if (!registration.isReady(clock.instant())) {
            body.put("status", "assigning");
            body.putObject("registrationState")
                    .put("registrationId", registrationId)
                    .put("status", "assigning");
            return new Answer(202, body, Optional.of(options.dps().retryAfter()));
        }
        body.put("status", registration.status());
        body.set("registrationState", registration.state());
        return new Answer(200, body, Optional.empty());
    }

    @Override
    public ObjectNode status(String idScope, String registrationId, Credentials credentials) {
        attestor.attest(idScope, registrationId, credentials);
        return registrations
                .find(registrationId)
                .map(registration -> registration.isReady(clock.instant())
                        ? registration.state()
                        : undecided(registrationId, "assigning"))
                .orElseGet(() -> undecided(registrationId, "unassigned"));
    }

    @Override
    public void authenticateService(String text) {
        SasToken token;
        try {
            token = SasToken.parse(text);
        } catch (InvalidInputException e) {
            throw DpsRefusals.unauthorized("the token cannot be read: " + e.getMessage());
        }
        String name = token.policy().orElse("");
        SharedAccessPolicy policy = options.dps().policies().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> DpsRefusals.unauthorized("there is no policy [" + name + "]"));
        Verdict verdict = verifier.verify(
                token,
                AudienceRule.ofPolicy(options.names()::answersTo, ""),
                List.of(policy.primaryKey(), policy.secondaryKey()),
                clock.instant());
        if (!verdict.isOk()) {
            throw DpsRefusals.unauthorized(verdict.detail());
        }
    }

    @Override
    public ObjectNode getEnrollment(Kind kind, String id) {
        return withRegistration(enrollments.require(kind, id));
    }

    @Override
    public ObjectNode putEnrollment(Kind kind, String id, ObjectNode body, ETagMatch ifMatch) {
        return enrollments.put(kind, id, body, ifMatch).json().deepCopy();
    }

    @Override
    public void deleteEnrollment(Kind kind, String id, ETagMatch ifMatch) {
        enrollments.delete(kind, id, ifMatch);
        if (kind == Kind.INDIVIDUAL) {
            attestor.forget(id);
        }
        Stream<String> gone = kind == Kind.INDIVIDUAL
                ? registrations.find(id).map(r -> id).stream()
                : registrations.ofGroup(id).stream()
                        .map(r -> r.state().path("registrationId").asText());
        gone.forEach(registrationId -> registrations.delete(registrationId, new ETagMatch.Any()));
    }

    @Override
    public List<ObjectNode> listEnrollments(Kind kind) {
        return enrollments.all(kind).stream().map(this::withRegistration).toList();
    }

    @Override
    public ObjectNode attestation(Kind kind, String id) {
        return enrollments.require(kind, id).attestationMechanism();
    }

    @Override
    public ObjectNode bulkEnrollments(Kind kind, ObjectNode body) {
        return enrollments.bulk(kind, body);
    }

    @Override
    public ObjectNode getRegistration(String registrationId) {
        return registrations
                .find(registrationId)
                .map(Registration::state)
                .orElseThrow(() -> Registrations.notFound(registrationId));
    }

    @Override
    public void deleteRegistration(String registrationId, ETagMatch ifMatch) {
        registrations.delete(registrationId, ifMatch);
    }

    @Override
    public List<ObjectNode> listRegistrations(String groupId) {
        enrollments.require(Kind.GROUP, groupId);
        return registrations.ofGroup(groupId).stream().map(Registration::state).toList();
    }

    private ObjectNode withRegistration(Enrollment enrollment) {
        ObjectNode shown = enrollment.withoutKeys();
        if (enrollment.kind() == Kind.INDIVIDUAL) {
            registrations
                    .find(enrollment.id())
                    .ifPresent(registration -> shown.set("registrationState", registration.state()));
        }
        return shown;
    }

    private static ObjectNode undecided(String registrationId, String status) {
        return Json.object().put("registrationId", registrationId).put("status", status);
    }

    private static void requireSameId(String registrationId, JsonNode body) {
        if (!body.isObject()) {
            throw DpsRefusals.invalid("the body must be an object");
        }
        String inBody = body.path("registrationId").asText("");
        if (!inBody.isEmpty() && !inBody.equalsIgnoreCase(registrationId)) {
            throw DpsRefusals.invalid(
                    "registrationId [" + inBody + "] of the body is not the one of the path [" + registrationId + "]");
        }
    }
}
