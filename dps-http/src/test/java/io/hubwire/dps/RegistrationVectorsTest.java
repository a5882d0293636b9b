package io.hubwire.dps;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.Audience;
import io.hubwire.auth.GroupKey;
import io.hubwire.auth.RegistrationId;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.X509Identity;
import io.hubwire.dps.Registration.Answer;
import io.hubwire.dps.Registration.Step;
import io.hubwire.https.HttpsRequest;
import io.hubwire.https.loopback.TestCa;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import io.hubwire.protocol.vectors.Vectors;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The recorded exchanges of dps.json from the device's side: our requests, their answers, what we make of them. */
class RegistrationVectorsTest {
    private static final JsonNode FILE = Vectors.file("dps.json");

    private static final X509Identity CERTIFICATE = new TestCa("vectors").clientIdentity("any");

    /** Exchanges signed with a key that nobody told: we can only repeat their token. */
    private static final Set<String> UNKNOWN_KEY =
            Set.of("dps-17-tpm-wrong-key", "dps-23-wrong-key", "dps-26-unknown-id", "dps-28-unknown-scope");

    /** What a status stands for in the vectors' words. */
    private static final Map<String, ErrorCode> ERRORS = Map.ofEntries(
            entry("unauthorized", ErrorCode.UNAUTHORIZED),
            entry("notFound", ErrorCode.NOT_FOUND),
            entry("badRequest", ErrorCode.INVALID_ARGUMENT),
            entry("unsupportedMediaType", ErrorCode.INVALID_ARGUMENT),
            entry("methodNotAllowed", ErrorCode.UNSUPPORTED));

    /** Exchanges whose requests we never make: other SDKs' forms and mistakes. Their answers concern us all the same. */
    private static final Set<String> NOT_OUR_REQUEST = Set.of(
            "dps-20-tpm-no-ek",
            "dps-21-no-auth",
            "dps-24-sr-other-id",
            "dps-37-bad-json",
            "dps-38-id-mismatch",
            "dps-39-no-api-version",
            "dps-41-method",
            "dps-50-csr", // its request for a certificate is an ellipsis
            "dps-51-csr-on-lookup",
            "dps-52-java-empty-skn",
            "dps-53-python-no-skn",
            "dps-55-force");

    /** Exchanges that are no registration: asked without a state machine. */
    private static final Set<String> LOOK_UPS =
            Set.of("dps-43-status-lookup", "dps-44-status-lookup-none", "dps-51-csr-on-lookup");

    static Stream<Arguments> registrations() {
        return exchanges(false);
    }

    static Stream<Arguments> lookUps() {
        return exchanges(true);
    }

    @Test
    void every_exchange_of_the_file_is_played() {
        assertThat(registrations().count() + lookUps().count()).isEqualTo(55);
        List<String> ids = Vectors.elements(FILE.path("exchanges"))
                .map(e -> e.path("id").asText())
                .toList();
        assertThat(ids).containsAll(NOT_OUR_REQUEST).containsAll(LOOK_UPS);
    }

    @ParameterizedTest
    @MethodSource("registrations")
    void registers_as_recorded(JsonNode exchange) {
        new Play(exchange).run();
    }

    @ParameterizedTest
    @MethodSource("lookUps")
    void looks_up_as_recorded(JsonNode exchange) {
        JsonNode step = exchange.path("steps").get(0);
        Play play = new Play(exchange);
        if (!NOT_OUR_REQUEST.contains(exchange.path("id").asText())) {
            play.compare(play.calls.lookUp(play.calls.lookUpBody(play.attestation)), step.path("request"));
        }
        JsonNode response = step.path("response");
        if (response.path("status").asInt() == 200) {
            RegistrationState state = RegistrationState.of((ObjectNode) response.path("body"));
            assertThat(state.statusText())
                    .isEqualTo(exchange.path("outcome").path("status").asText());
            assertThat(state.assignedHub())
                    .isEqualTo(response.path("body").path("assignedHub").textValue());
        } else {
            assertThat(DpsErrors.refusal(
                                    "x",
                                    response.path("status").asInt(),
                                    response.path("body").toString())
                            .code())
                    .isEqualTo(ERRORS.get(exchange.path("outcome").path("error").asText()));
        }
    }

    private static Stream<Arguments> exchanges(boolean lookUps) {
        return Vectors.elements(FILE.path("exchanges"))
                .filter(e -> LOOK_UPS.contains(e.path("id").asText()) == lookUps)
                .map(e -> Arguments.of(Named.of(e.path("id").asText(), e)));
    }

    /** One exchange, played with a driver of few lines. */
    private static final class Play {
        private final FakeTime time = new FakeTime(Instant.parse("2026-01-01T00:00:00Z"));
        private final JsonNode exchange;
        private final String id;
        private final String scope;
        private final RegistrationId registrationId;
        private final ScriptedTpm tpm;
        private final Attestation attestation;
        private final RegistrationCalls calls;
        private final String body;
        private final List<Duration> waits = new ArrayList<>();
        private int polls;

        Play(JsonNode exchange) {
            this.exchange = exchange;
            this.id = exchange.path("id").asText();
            JsonNode first = exchange.path("steps").get(0).path("request");
            String[] path = first.path("path").asText().split("[/?]");
            this.scope = path[1];
            this.registrationId = new RegistrationId(path[3]);
            this.tpm = tpm(first.path("body"));
            this.attestation = attestation(first);
            String version = first.path("path").asText().replaceFirst(".*api-version=([^&]*).*", "$1");
            this.calls = new RegistrationCalls(scope, registrationId, version);
            JsonNode payload = first.path("body").path("payload");
            this.body = calls.registerBody(attestation, payload.isMissingNode() ? null : payload.toString(), null);
        }

        void run() {
            Registration machine = machine();
            Step step = machine.begin();
            String token = null;
            for (JsonNode recorded : exchange.path("steps")) {
                JsonNode request = recorded.path("request");
                boolean register = request.path("path").asText().contains("/register");
                if (id.equals("dps-42-unknown-operation")) {
                    step = assigning(machine); // somebody's operation of long ago
                } else if (register && step instanceof Step.PollAfter) {
                    machine = machine(); // dps-25: the device starts over
                    step = machine.begin();
                } else {
                    step = afterWait(machine, step);
                }
                HttpsRequest.Builder ours = sent(step, register);
                token = request.path("headers").path("Authorization").textValue();
                boolean signed = !(step instanceof Step.SendRegister send) || send.signed();
                if (!NOT_OUR_REQUEST.contains(id)) {
                    if (signed && !(attestation instanceof Attestation.Certificate)) {
                        ours.header("Authorization", sign(token).text());
                    }
                    compare(ours, request);
                }
                step = machine.onResponse(answer(recorded.path("response"), token));
                if (step instanceof Step.ActivateTpm challenge) {
                    tpm.activate(Base64.getDecoder().decode(challenge.authenticationKey()));
                    step = machine.onActivated();
                }
            }
            if (id.equals("dps-22-expired")) {
                assertThat(step).isInstanceOfSatisfying(Step.SendRegister.class, s -> assertThat(s.signAnew())
                        .isNotNull());
                JsonNode refused = exchange.path("steps").get(0).path("response");
                assertFailed(machine.onResponse(answer(refused, token)), ErrorCode.TOKEN_EXPIRED);
                return;
            }
            judge(step);
        }

        private void judge(Step end) {
            JsonNode outcome = exchange.path("outcome");
            String status = outcome.path("status").asText();
            if (outcome.has("error")) {
                assertFailed(end, ERRORS.get(outcome.path("error").asText()));
            } else if (outcome.has("accepted") || status.equals("pending")) {
                assertThat(end).isInstanceOf(Step.PollAfter.class);
            } else if (status.equals("assigned")) {
                assertAssigned(end);
            } else if (status.equals("disabled")) {
                assertFailed(end, ErrorCode.DISABLED);
            } else {
                assertThat(status).isEqualTo("failed");
                assertFailed(
                        end, ErrorCode.ofHttpStatus(outcome.path("errorCode").asInt() / 1000));
            }
        }

        private void assertFailed(Step end, ErrorCode code) {
            assertThat(end).isInstanceOfSatisfying(Step.Failed.class, f -> {
                HubwireException cause = f.cause();
                assertThat(cause.code()).as(cause.getMessage()).isEqualTo(code);
                JsonNode number = exchange.path("outcome").path("errorCode");
                if (number.isInt()) {
                    assertThat(cause).isInstanceOfSatisfying(DpsException.class, d -> assertThat(d.errorCode())
                            .hasValue(number.asInt()));
                }
                assertThat(cause.getMessage()).doesNotContain("sig=");
            });
        }

        private void assertAssigned(Step end) {
            JsonNode outcome = exchange.path("outcome");
            JsonNode steps = exchange.path("steps");
            JsonNode recorded =
                    steps.get(steps.size() - 1).path("response").path("body").path("registrationState");
            Assignment assignment = ((Step.Assigned) end).assignment();
            assertThat(assignment.hubHostName())
                    .isEqualTo(recorded.path("assignedHub").asText());
            assertThat(assignment.deviceId())
                    .isEqualTo(recorded.path("deviceId").asText());
            RegistrationState state = assignment.state();
            assertThat(state.status()).isEqualTo(RegistrationState.Status.ASSIGNED);
            assertThat(state.substatus()).isEqualTo(recorded.path("substatus").asText());
            assertThat(state.payload())
                    .isEqualTo(
                            recorded.has("payload") ? recorded.path("payload").toString() : null);
            outcome.properties().forEach(said -> {
                JsonNode value = said.getValue();
                switch (said.getKey()) {
                    case "status" -> assertThat(state.statusText()).isEqualTo(value.asText());
                    case "assignedHub" -> assertThat(state.assignedHub()).isEqualTo(value.asText());
                    case "deviceId" -> assertThat(state.deviceId()).isEqualTo(value.asText());
                    case "substatus" -> assertThat(state.substatus()).isEqualTo(value.asText());
                    case "payload" -> assertThat(state.payload()).isEqualTo(value.toString());
                    case "polls" -> assertThat(polls).isEqualTo(value.asInt());
                    case "issuedCertificates" ->
                        assertThat(state.issuedCertificateChain()).hasSize(value.asInt());
                    case "minDelaySeconds", "delayBeforeStep2Seconds" ->
                        assertThat(waits.get(0)).isGreaterThanOrEqualTo(Duration.ofSeconds(value.asInt()));
                    case "tpmActivations" -> {
                        tpm.activate(Base64.getDecoder().decode(String.valueOf(state.tpmAuthenticationKey())));
                        assertThat(tpm.activations())
                                .isEqualTo(Vectors.elements(value)
                                        .map(JsonNode::asText)
                                        .toList());
                    }
                    case "backoff", "retry" -> assertThat(waits.get(0)).isPositive();
                    default -> throw new AssertionError("nothing checks [" + said.getKey() + "]");
                }
            });
        }

        private Registration machine() {
            return new Registration(
                    FILE.path("host").asText(),
                    calls.what(),
                    attestation instanceof Attestation.TpmChip,
                    Duration.ofMinutes(5),
                    time,
                    new SplittableRandom(7));
        }

        private Step assigning(Registration machine) {
            String operation = exchange.path("steps")
                    .get(0)
                    .path("request")
                    .path("path")
                    .asText()
                    .split("[/?]")[5];
            String body = "{\"operationId\":\"" + operation + "\",\"status\":\"assigning\"}";
            return afterWait(machine, machine.onResponse(new Answer(202, body, Optional.empty(), null, null, null)));
        }

        private Step afterWait(Registration machine, Step step) {
            Duration delay = step instanceof Step.PollAfter p
                    ? p.delay()
                    : step instanceof Step.RegisterAfter r ? r.delay() : null;
            if (delay == null) {
                return step;
            }
            waits.add(delay);
            time.advance(delay);
            return machine.onTimer();
        }

        private HttpsRequest.Builder sent(Step step, boolean register) {
            if (register) {
                Step.SendRegister send = (Step.SendRegister) step;
                assertThat(send.host())
                        .isEqualTo(
                                id.equals("dps-54-redirect") && send.host().contains("alt")
                                        ? "global-alt.azure-devices-provisioning.net"
                                        : FILE.path("host").asText());
                return calls.register(body);
            }
            polls++;
            return calls.poll(((Step.SendPoll) step).operationId());
        }

        void compare(HttpsRequest.Builder builder, JsonNode recorded) {
            HttpsRequest ours = builder.build();
            assertThat(ours.method().name()).isEqualTo(recorded.path("method").asText());
            assertThat(ours.target()).isEqualTo(recorded.path("path").asText());
            String sent =
                    ours.body().map(b -> new String(b, StandardCharsets.UTF_8)).orElse("null");
            assertThat(Json.parse("ours", sent))
                    .isEqualTo(Json.parse(
                            "theirs",
                            recorded.path("body").isMissingNode()
                                    ? "null"
                                    : recorded.path("body").toString()));
            JsonNode headers = recorded.path("headers");
            if (headers.has("Authorization") && !LOOK_UPS.contains(id)) {
                assertThat(ours.headers())
                        .containsEntry(
                                "Authorization", headers.path("Authorization").asText());
            } else {
                assertThat(ours.headers()).doesNotContainKey("Authorization");
            }
            boolean wrongOnPurpose = id.equals("dps-40-unsupported-media");
            if (recorded.has("body") && !wrongOnPurpose) {
                assertThat(ours.headers())
                        .containsEntry(
                                "Content-Type", headers.path("Content-Type").asText());
            }
        }

        private Answer answer(JsonNode response, String token) {
            JsonNode body = response.path("body");
            return new Answer(
                    response.path("status").asInt(),
                    body.isTextual() ? body.asText() : body.toString(),
                    Optional.ofNullable(
                                    response.path("headers").path("Retry-After").textValue())
                            .map(s -> Duration.ofSeconds(Integer.parseInt(s))),
                    response.path("headers").path("Location").textValue(),
                    null,
                    token == null ? null : SasToken.parse(token).expiry());
        }

        /** Signs as the recorded device did: with whichever of the enrollment's keys gives the recorded token. */
        private SasToken sign(String recorded) {
            SasToken theirs = SasToken.parse(recorded);
            if (UNKNOWN_KEY.contains(id)) {
                return theirs;
            }
            if (attestation instanceof Attestation.TpmChip) {
                return SasToken.sign(Audience.of(scope, registrationId), tpm::sign, theirs.expiry(), "registration");
            }
            return candidates()
                    .filter(theirs::isSignedBy)
                    .findFirst()
                    .map(key -> SasToken.sign(Audience.of(scope, registrationId), key, theirs.expiry(), "registration"))
                    .orElseThrow();
        }

        private Stream<SymmetricKey> candidates() {
            JsonNode given = exchange.path("given");
            List<SymmetricKey> keys = new ArrayList<>();
            for (String slot : List.of("primaryKey", "secondaryKey")) {
                String single = given.at("/individualEnrollment/attestation/symmetricKey/" + slot)
                        .textValue();
                String group = given.at("/enrollmentGroup/attestation/symmetricKey/" + slot)
                        .textValue();
                if (single != null) {
                    keys.add(SymmetricKey.ofBase64(single));
                }
                if (group != null) {
                    keys.add(GroupKey.deriveDeviceKey(SymmetricKey.ofBase64(group), registrationId));
                    keys.add(SymmetricKey.ofBase64(group)); // dps-08: the mistake that is refused
                }
            }
            return keys.stream();
        }

        private ScriptedTpm tpm(JsonNode body) {
            Map<String, SymmetricKey> hidden = new HashMap<>();
            exchange.path("given")
                    .path("tpmSimulator")
                    .path("activate")
                    .properties()
                    .forEach(e -> hidden.put(
                            e.getKey(), SymmetricKey.ofBase64(e.getValue().asText())));
            String hubKey = exchange.at("/outcome/tpmActivations/1").textValue();
            if (hubKey != null) {
                hidden.put(hubKey, SymmetricKey.ofBytes(new byte[32]));
            }
            JsonNode keys = body.path("tpm");
            return new ScriptedTpm(decode(keys.path("endorsementKey")), decode(keys.path("storageRootKey")), hidden);
        }

        private Attestation attestation(JsonNode firstRequest) {
            if (firstRequest.path("body").has("tpm")) {
                return Attestation.ofTpm(registrationId.value(), tpm);
            }
            if (firstRequest.path("headers").has("Authorization")) {
                return new Attestation.DeviceKey(registrationId, SymmetricKey.ofBytes(new byte[32]));
            }
            return new Attestation.Certificate(registrationId, CERTIFICATE);
        }

        private static byte[] decode(JsonNode base64) {
            return Base64.getDecoder().decode(base64.asText(""));
        }
    }
}
