package io.hubwire.dps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.Audience;
import io.hubwire.auth.AudienceRule;
import io.hubwire.auth.GroupKey;
import io.hubwire.auth.RegistrationId;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SasVerifier;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.X509Identity;
import io.hubwire.https.Await;
import io.hubwire.https.loopback.LoopbackServer;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.time.FakeTime;
import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The driver against a scripted DPS on loopback; time moves when the test says so. */
@Timeout(30)
class ProvisioningClientTest {
    private static final String HOST = "global.dps.test";
    private static final SymmetricKey KEY = SymmetricKey.ofBase64("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    private static final String ASSIGNING = "{\"operationId\":\"5.31.b1e0\",\"status\":\"assigning\"}";
    private static final String ASSIGNED =
            "{\"operationId\":\"5.31.b1e0\",\"status\":\"assigned\",\"registrationState\":"
                    + "{\"registrationId\":\"d1\",\"assignedHub\":\"contoso.azure-devices.net\",\"deviceId\":\"fridge-17\","
                    + "\"status\":\"assigned\",\"substatus\":\"initialAssignment\",\"payload\":{\"level\":2},"
                    + "\"createdDateTimeUtc\":\"2026-01-01T00:00:01.1234567Z\",\"symmetricKey\":{\"enrollmentGroupId\":\"g1\"}}}";

    private final FakeTime time = new FakeTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final WatchedTimer timer = new WatchedTimer(time);
    private final LoopbackServer dps = LoopbackServer.start(HOST);

    @AfterEach
    void stop() {
        dps.close();
    }

    @Test
    void a_device_with_a_key_registers_polls_and_learns_its_hub() {
        dps.answers(new MockResponse()
                        .setResponseCode(202)
                        .setHeader("Retry-After", "3")
                        .setBody(ASSIGNING))
                .answers(200, ASSIGNED);
        try (ProvisioningClient client = open(Attestation.ofKey("d1", KEY))) {
            CompletableFuture<Assignment> result = client.register("{\"modelId\":\"dtmi:com:example:Thermostat;1\"}");
            RecordedRequest register = dps.takeRequest();
            assertThat(register.getMethod()).isEqualTo("PUT");
            assertThat(register.getPath()).isEqualTo("/0ne001/registrations/d1/register?api-version=2021-06-01");
            assertThat(register.getBody().readUtf8())
                    .isEqualTo(
                            "{\"registrationId\":\"d1\",\"payload\":{\"modelId\":\"dtmi:com:example:Thermostat;1\"}}");
            assertThat(register.getHeader("Content-Type")).isEqualTo("application/json; charset=utf-8");
            assertThat(register.getHeader("Accept")).isEqualTo("application/json");
            assertGoodToken(register, "d1", KEY);
            assertThat(timer.awaitWait(1)).isEqualTo(Duration.ofSeconds(3));
            time.advance(Duration.ofMillis(2_999));
            assertThat(dps.requestCount()).isEqualTo(1);
            time.advance(Duration.ofMillis(1));
            RecordedRequest poll = dps.takeRequest();
            assertThat(poll.getMethod()).isEqualTo("GET");
            assertThat(poll.getPath())
                    .isEqualTo("/0ne001/registrations/d1/operations/5.31.b1e0?api-version=2021-06-01");
            assertThat(poll.getHeader("Authorization")).isEqualTo(register.getHeader("Authorization"));
            Assignment assignment = get(result);
            assertThat(assignment.hubHostName()).isEqualTo("contoso.azure-devices.net");
            assertThat(assignment.deviceId()).isEqualTo("fridge-17");
            assertThat(assignment.state().substatus()).isEqualTo("initialAssignment");
            assertThat(assignment.state().payload()).isEqualTo("{\"level\":2}");
            assertThat(assignment.state().enrollmentGroupId()).isEqualTo("g1");
            assertThat(assignment.state().created()).isEqualTo(Instant.parse("2026-01-01T00:00:01.123456700Z"));
        }
    }

    @Test
    void a_groups_key_is_derived_for_the_device_and_never_signs() {
        dps.answers(200, ASSIGNED);
        try (ProvisioningClient client = open(Attestation.ofGroupKey("d1", KEY))) {
            get(client.register());
            assertGoodToken(dps.takeRequest(), "d1", GroupKey.deriveDeviceKey(KEY, "d1"));
        }
    }

    @Test
    void a_device_with_a_certificate_shows_it_and_sends_no_token() {
        dps.server().requestClientAuth();
        dps.answers(200, ASSIGNED);
        X509Identity identity = dps.clientIdentity("d1");
        try (ProvisioningClient client = open(Attestation.ofCertificate(identity))) {
            get(client.register());
            RecordedRequest request = dps.takeRequest();
            assertThat(request.getHeader("Authorization")).isNull();
            assertThat(request.getPath()).startsWith("/0ne001/registrations/d1/");
            assertThat(request.getHandshake().peerCertificates()).first().isEqualTo(identity.certificate());
        }
    }

    @Test
    void a_tpm_answers_the_challenge_and_takes_the_hubs_key() {
        SymmetricKey hubKey = SymmetricKey.ofBytes(new byte[32]);
        ScriptedTpm tpm = new ScriptedTpm(Map.of("Y2hhbGxlbmdl", KEY, "aHVi", hubKey));
        dps.answers(401, "{\"message\":\"x\",\"authenticationKey\":\"Y2hhbGxlbmdl\",\"keyName\":\"registration\"}")
                .answers(200, ASSIGNED.replace("\"payload\"", "\"tpm\":{\"authenticationKey\":\"aHVi\"},\"payload\""));
        try (ProvisioningClient client = open(Attestation.ofTpm("d1", tpm))) {
            get(client.register());
            RecordedRequest first = dps.takeRequest();
            RecordedRequest second = dps.takeRequest();
            assertThat(first.getHeader("Authorization")).isNull();
            assertGoodToken(second, "d1", KEY);
            String body = first.getBody().readUtf8();
            assertThat(body).contains("endorsementKey").contains("storageRootKey");
            assertThat(second.getBody().readUtf8()).isEqualTo(body);
            assertThat(tpm.activations()).containsExactly("Y2hhbGxlbmdl", "aHVi");
            assertThat(tpm.sign(new byte[1])).isEqualTo(hubKey.hmacSha256(new byte[1]));
        }
    }

    @Test
    void a_tpm_that_refuses_ends_the_registration() {
        ScriptedTpm tpm = new ScriptedTpm(Map.of());
        dps.answers(401, "{\"authenticationKey\":\"Y2hhbGxlbmdl\"}");
        try (ProvisioningClient client = open(Attestation.ofTpm(tpm))) {
            assertThatThrownBy(() -> Await30.on(client.register()))
                    .isInstanceOf(DpsException.class)
                    .hasMessageContaining("the TPM did not take the key")
                    .hasMessageNotContaining("Y2hh");
            assertThat(dps.takeRequest().getPath()).contains("/" + RegistrationId.ofTpm(tpm.endorsementKey()) + "/");
        }
    }

    @Test
    void a_tpm_that_does_not_sign_fails_the_look_up_in_its_stage() {
        try (ProvisioningClient client = open(Attestation.ofTpm("d1", new ScriptedTpm(Map.of())))) {
            CompletableFuture<RegistrationState> lookUp = client.lookUp();
            assertThatThrownBy(() -> Await30.on(lookUp))
                    .isInstanceOf(DpsException.class)
                    .hasMessageContaining("the TPM did not sign");
        }
    }

    @Test
    void a_refusal_carries_status_number_and_tracking_id() {
        dps.answers(401, "{\"errorCode\":401002,\"trackingId\":\"t-1\",\"message\":\"Unauthorized\"}");
        try (ProvisioningClient client = open(Attestation.ofKey("d1", KEY))) {
            assertThatThrownBy(() -> client.blocking().register())
                    .isInstanceOfSatisfying(DpsException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
                        assertThat(e.httpStatus()).hasValue(401);
                        assertThat(e.errorCode()).hasValue(401002);
                        assertThat(e.trackingId()).contains("t-1");
                    })
                    .hasMessage(
                            "registration of [d1] in scope [0ne001] refused with 401, 401002: Unauthorized (tracking id t-1)");
        }
    }

    @Test
    void throttling_a_lost_connection_and_rubbish_only_delay_it() {
        dps.answers(new MockResponse().setResponseCode(429).setHeader("Retry-After", "7"))
                .answers(new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST))
                .answers(502, "<html>bad gateway</html>")
                .answers(202, ASSIGNING)
                .answers(503, "")
                .answers(200, ASSIGNED);
        try (ProvisioningClient client = open(Attestation.ofKey("d1", KEY))) {
            CompletableFuture<Assignment> result = client.register();
            dps.takeRequest();
            assertThat(timer.awaitWait(1)).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(8));
            for (int wait = 1; wait <= 5; wait++) {
                time.advance(timer.awaitWait(wait));
                dps.takeRequest();
            }
            assertThat(get(result).deviceId()).isEqualTo("fridge-17");
        }
    }

    @Test
    void a_slow_clock_is_made_up_for_once_the_service_has_told_the_time() {
        Instant theirs = time.instant().plus(Duration.ofDays(365));
        dps.answers(new MockResponse()
                        .setResponseCode(401)
                        .setHeader("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs.atOffset(ZoneOffset.UTC)))
                        .setBody("{\"errorCode\":401002,\"message\":\"Unauthorized\"}"))
                .answers(200, ASSIGNED);
        try (ProvisioningClient client = open(Attestation.ofKey("d1", KEY))) {
            get(client.register());
            dps.takeRequest();
            SasToken second = SasToken.parse(dps.takeRequest().getHeader("Authorization"));
            assertThat(second.expiry()).isEqualTo(theirs.plusSeconds(3600));
        }
    }

    @Test
    void a_redirect_is_followed_to_a_sibling_host() {
        dps.answers(new MockResponse().setResponseCode(307).setHeader("Location", "https://other.dps.test/whatever"));
        try (ProvisioningClient client = open(Attestation.ofKey("d1", KEY))) {
            // the certificate is not good for the other name: reaching that point proves where it went
            assertThatThrownBy(() -> Await30.on(client.register()))
                    .isInstanceOfSatisfying(
                            HubwireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TLS_FAILED))
                    .hasMessageContaining("other.dps.test");
        }
    }

    @Test
    void the_limit_ends_it_whatever_it_is_doing() {
        dps.answers(new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE));
        try (ProvisioningClient client = ProvisioningClient.open(
                options(Attestation.ofKey("d1", KEY))
                        .limit(Duration.ofSeconds(20))
                        .build(),
                time,
                time,
                new SplittableRandom(1))) {
            CompletableFuture<Assignment> result = client.register();
            dps.takeRequest();
            time.advance(Duration.ofSeconds(20));
            assertThatThrownBy(() -> Await30.on(result))
                    .isInstanceOfSatisfying(
                            DpsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT))
                    .hasMessageContaining("did not end within PT20S");
            assertThat(time.pendingTasks()).isZero();
        }
    }

    @Test
    void cancelling_stops_the_waiting_and_closing_cancels() {
        dps.answers(202, ASSIGNING).answers(202, ASSIGNING);
        ProvisioningClient client = open(Attestation.ofKey("d1", KEY));
        CompletableFuture<Assignment> first = client.register();
        timer.awaitWait(1);
        first.cancel(false);
        await().until(() -> time.pendingTasks() == 0);
        CompletableFuture<Assignment> second = client.register();
        timer.awaitWait(2);
        client.close();
        client.close();
        assertThatThrownBy(() -> Await30.on(second))
                .isInstanceOfSatisfying(
                        DpsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        assertThat(time.pendingTasks()).isZero();
        assertThatThrownBy(client::register).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(client::lookUp).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void looks_up_without_registering() {
        dps.answers(200, "{\"registrationId\":\"d1\",\"status\":\"unassigned\"}")
                .answers(404, "{\"errorCode\":404201}");
        try (ProvisioningClient client = open(Attestation.ofKey("d1", KEY))) {
            assertThat(client.blocking().lookUp().status()).isEqualTo(RegistrationState.Status.UNASSIGNED);
            RecordedRequest request = dps.takeRequest();
            assertThat(request.getMethod()).isEqualTo("POST");
            assertThat(request.getPath()).isEqualTo("/0ne001/registrations/d1?api-version=2021-06-01");
            assertGoodToken(request, "d1", KEY);
            assertThatThrownBy(() -> client.blocking().lookUp())
                    .isInstanceOfSatisfying(
                            DpsException.class, e -> assertThat(e.errorCode()).hasValue(404201));
        }
    }

    @Test
    void refuses_what_dps_could_not_take() {
        assertThatThrownBy(() -> ProvisioningOptions.of("0ne/001", Attestation.ofKey("d1", KEY)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[0ne/001]");
        assertThatThrownBy(() -> Attestation.ofKey("a b", KEY)).isInstanceOf(InvalidInputException.class);
        try (ProvisioningClient client = open(Attestation.ofKey("d1", KEY))) {
            assertThatThrownBy(() -> client.register("{modelId:")).isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void leaves_no_thread_behind_and_closes_within_a_second() {
        dps.answers(202, ASSIGNING);
        ProvisioningClient client =
                ProvisioningClient.open(options(Attestation.ofKey("d1", KEY)).build());
        CompletableFuture<Assignment> result = client.register();
        dps.takeRequest();
        long before = System.nanoTime();
        client.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
        assertThat(result).isCompletedExceptionally();
        await().atMost(Duration.ofSeconds(2)).untilAsserted(() -> assertThat(
                        Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                .noneMatch(name -> name.startsWith("hubwire-dps") || name.endsWith(HOST)));
    }

    private ProvisioningOptions.Builder options(Attestation attestation) {
        return ProvisioningOptions.of("0ne001", attestation)
                .host(HOST)
                .https(h -> h.port(dps.port()).connectHost("127.0.0.1").trust(dps.trust()));
    }

    private ProvisioningClient open(Attestation attestation) {
        return ProvisioningClient.open(options(attestation).build(), time, timer, new SplittableRandom(1));
    }

    private static Assignment get(CompletableFuture<Assignment> result) {
        return Await30.on(result);
    }

    private void assertGoodToken(RecordedRequest request, String id, SymmetricKey key) {
        SasToken token = SasToken.parse(String.valueOf(request.getHeader("Authorization")));
        RegistrationId registrationId = new RegistrationId(id);
        assertThat(token.audience()).isEqualTo(Audience.of("0ne001", registrationId));
        assertThat(token.policy()).contains("registration");
        assertThat(new SasVerifier(Duration.ZERO)
                        .verify(
                                token,
                                AudienceRule.ofRegistration("0ne001", registrationId),
                                List.of(key),
                                time.instant())
                        .isOk())
                .isTrue();
    }

    /** Tells the registration's waits from the deadlines of calls and of the whole. */
    private static final class WatchedTimer implements Timer {
        private static final Duration CALL = Duration.ofSeconds(30);
        private static final Duration LIMIT = Duration.ofMinutes(5);
        private final FakeTime time;
        private final List<Duration> waits = new CopyOnWriteArrayList<>();

        WatchedTimer(FakeTime time) {
            this.time = time;
        }

        @Override
        public Scheduled schedule(Duration delay, Runnable task) {
            Scheduled scheduled = time.schedule(delay, task);
            if (!delay.equals(CALL) && !delay.equals(LIMIT)) {
                waits.add(delay);
            }
            return scheduled;
        }

        /** How long the n-th wait is, once it has begun. */
        Duration awaitWait(int number) {
            await().pollInterval(Duration.ofMillis(2)).until(() -> waits.size() >= number);
            return waits.get(number - 1);
        }
    }

    /** Waits on real time, whatever the fake one says. */
    private static final class Await30 {
        static <T> T on(CompletableFuture<T> pending) {
            return Await.on(pending.orTimeout(20, TimeUnit.SECONDS));
        }
    }
}
