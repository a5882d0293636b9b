package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.auth.X509Identity;
import io.hubwire.dps.Attestation;
import io.hubwire.dps.DpsException;
import io.hubwire.dps.ProvisioningClient;
import io.hubwire.dps.ProvisioningOptions;
import io.hubwire.https.ScheduledTimer;
import io.hubwire.https.loopback.TestCa;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import io.hubwire.protocol.trace.WireTrace;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot succeed ends at once, with the documented code, after one request; what can be mended is mended. */
@Timeout(120)
class ProvisioningBadInputTest {
    private static final SymmetricKey KEY = SymmetricKey.ofBytes(new byte[32]);
    private static final SymmetricKey WRONG =
            SymmetricKey.ofBytes("another key, as long as need be".getBytes(StandardCharsets.US_ASCII));
    private static LocalHub hub;

    private final List<String> requests = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        hub = LocalHub.start();
        enroll(hub, "d1", "");
        enroll(hub, "off", ",'provisioningStatus':'disabled'");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void an_unknown_scope_a_wrong_key_and_an_unknown_id_are_refused_once() {
        refused("0ne99999999", Attestation.ofKey("d1", KEY));
        refused(hub.idScope(), Attestation.ofKey("d1", WRONG));
        refused(hub.idScope(), Attestation.ofKey("nobody", KEY));
        assertThat(requests).as("each asked once").hasSize(3);
    }

    @Test
    void a_deleted_enrollment_is_refused_once_and_a_disabled_one_ends_the_registration() {
        enroll(hub, "gone", "");
        try (ProvisioningClient device = open(hub, hub.idScope(), Attestation.ofKey("gone", KEY))) {
            device.blocking().register();
            hub.engine().provisioning().deleteEnrollment(Kind.INDIVIDUAL, "gone", new ETagMatch.Any());
            requests.clear();
            assertRefused(device, ErrorCode.UNAUTHORIZED, 401002);
            assertThat(requests).hasSize(1);
        }
        try (ProvisioningClient device = open(hub, hub.idScope(), Attestation.ofKey("off", KEY))) {
            assertThatThrownBy(() -> device.blocking().register())
                    .isInstanceOfSatisfying(
                            DpsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISABLED));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', is empty",
        "a/b, illegal character at position 2",
        "café, illegal character at position 4",
        "ends., ends with '.'"
    })
    void a_bad_registration_id_never_leaves_the_device(String id, String rule) {
        assertThatThrownBy(() -> Attestation.ofKey(id, KEY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(rule);
    }

    @Test
    void a_certificate_of_a_stranger_or_of_yesterday_is_refused_once() throws Exception {
        TestCa authority = new TestCa("factory");
        X509Identity press = authority.clientIdentity("press-1");
        String enrolled = Base64.getEncoder().encodeToString(press.certificate().getEncoded());
        String body = "{'attestation':{'type':'x509','x509':{'clientCertificates':{'primary':{'certificate':'"
                + enrolled + "'}}}}}";
        hub.engine().provisioning().putEnrollment(Kind.INDIVIDUAL, "press-1", object(body), new ETagMatch.Absent());
        refused(hub.idScope(), Attestation.ofCertificate(new TestCa("elsewhere").clientIdentity("press-1")));
        FakeTime later = new FakeTime(Instant.parse("2080-01-01T00:00:00Z"));
        try (LocalHub future =
                LocalHub.start(LocalHubOptions.builder().time(later, later).build())) {
            future.engine()
                    .provisioning()
                    .putEnrollment(Kind.INDIVIDUAL, "press-1", object(body), new ETagMatch.Absent());
            try (ProvisioningClient device = open(future, future.idScope(), Attestation.ofCertificate(press))) {
                assertRefused(device, ErrorCode.UNAUTHORIZED, 401002);
            }
        }
        assertThat(requests).hasSize(2);
    }

    @Test
    void a_payload_that_is_no_json_is_refused_here_and_one_that_is_too_long_by_the_service() {
        try (ProvisioningClient device = open(hub, hub.idScope(), Attestation.ofKey("d1", KEY))) {
            assertThatThrownBy(() -> device.register("{\"model\":")).isInstanceOf(InvalidInputException.class);
            assertThat(requests).isEmpty();
            String tooLong = "{\"a\":\"" + "x".repeat(100_000) + "\"}";
            assertThatThrownBy(() -> device.blocking().register(tooLong))
                    .isInstanceOfSatisfying(DpsException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                        assertThat(e.errorCode()).hasValue(400004);
                    });
            assertThat(requests).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-7_200, -3_000, 3_000, 7_200_000})
    void a_clock_that_is_wrong_by_hours_does_not_keep_a_device_out(long seconds) {
        Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(seconds));
        try (ScheduledTimer timer = new ScheduledTimer("hubwire-test");
                ProvisioningClient device = ProvisioningClient.open(
                        options(hub, hub.idScope(), Attestation.ofKey("d1", KEY)), wrong, timer, new SecureRandom())) {
            assertThat(device.blocking().register().deviceId()).isEqualTo("d1");
        }
        long registers = requests.stream().filter(r -> r.startsWith("PUT")).count();
        assertThat(registers)
                .as("once more after a look at the service's clock")
                .isEqualTo(seconds < -3_600 ? 2 : 1);
    }

    private void refused(String scope, Attestation attestation) {
        try (ProvisioningClient device = open(hub, scope, attestation)) {
            assertRefused(device, ErrorCode.UNAUTHORIZED, 401002);
        }
    }

    private static void assertRefused(ProvisioningClient device, ErrorCode code, int errorCode) {
        assertThatThrownBy(() -> device.blocking().register()).isInstanceOfSatisfying(DpsException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.errorCode()).hasValue(errorCode);
            assertThat(e.trackingId()).isPresent();
        });
    }

    private static void enroll(LocalHub at, String id, String more) {
        at.engine()
                .provisioning()
                .putEnrollment(
                        Kind.INDIVIDUAL,
                        id,
                        object("{'attestation':{'type':'symmetricKey','symmetricKey':{'primaryKey':'" + KEY.base64()
                                + "','secondaryKey':'" + KEY.base64() + "'}}" + more + "}"),
                        new ETagMatch.Absent());
    }

    private ProvisioningClient open(LocalHub at, String scope, Attestation attestation) {
        return ProvisioningClient.open(options(at, scope, attestation));
    }

    private ProvisioningOptions options(LocalHub at, String scope, Attestation attestation) {
        return ProvisioningOptions.of(scope, attestation)
                .host(at.host())
                .https(h ->
                        h.port(at.httpsPort()).trust(TlsTrust.pem(at.caFile())).trace(this::note))
                .limit(Duration.ofSeconds(60))
                .build();
    }

    private void note(WireTrace.Event event) {
        if (event.direction() == WireTrace.Direction.OUT) {
            requests.add(event.kind());
        }
    }

    private static ObjectNode object(String json) {
        return Json.parseObject("test", json.replace('\'', '"'));
    }
}
