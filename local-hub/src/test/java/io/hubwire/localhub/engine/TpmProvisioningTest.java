package io.hubwire.localhub.engine;

import static io.hubwire.localhub.engine.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.localhub.engine.Provisioning.Answer;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.protocol.Identity;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attestation by a chip, both steps. Source: dps 2.7. */
@Timeout(60)
class TpmProvisioningTest {
    private static final String SCOPE = TestHub.NAMES.idScope();
    private static final Credentials NONE = new Credentials.None();

    private final TestHub hub = new TestHub();
    private final Provisioning dps = hub.engine.provisioning();
    private final TpmDevice chip = TpmDevice.named("chip");

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void challenges_a_chip_and_gives_it_the_key_for_the_hub() throws Exception {
        enroll("box-1");
        ObjectNode state = provision("box-1");
        assertThat(state.path("status").asText()).isEqualTo("assigned");
        chip.activate(state.at("/tpm/authenticationKey").asText());
        assertThat(connect("box-1").identity()).isEqualTo(Identity.device("box-1"));
    }

    @Test
    void keeps_the_key_for_the_hub_when_the_device_registers_again() throws Exception {
        enroll("box-1");
        chip.activate(provision("box-1").at("/tpm/authenticationKey").asText());
        FakeSession session = hub.connect(Identity.device("box-1"));
        TpmDevice restarted = TpmDevice.named("chip");
        restarted.activate(challenge("box-1"));
        ObjectNode again = register("box-1", restarted);
        restarted.activate(again.at("/tpm/authenticationKey").asText());
        assertThat(session.closed).isEmpty();
        assertThat(hub.engine
                        .access()
                        .device(
                                Identity.device("box-1"),
                                restarted.token(
                                        TestHub.HOST + "/devices/box-1",
                                        null,
                                        hub.time.instant().plusSeconds(60))))
                .isNotNull();
    }

    @Test
    void a_new_challenge_makes_the_former_key_useless() throws Exception {
        enroll("box-1");
        chip.activate(challenge("box-1"));
        challenge("box-1");
        assertRefused(401, 401002, () -> dps.register(SCOPE, "box-1", token("box-1"), chip.body("box-1"), null));
    }

    @Test
    void refuses_other_chips_and_what_is_no_chip() throws Exception {
        enroll("box-1");
        TpmDevice other = TpmDevice.named("other");
        assertRefused(401, 401002, () -> dps.register(SCOPE, "box-1", NONE, other.body("box-1"), null));
        assertRefused(404, 404201, () -> dps.register(SCOPE, "nobody", NONE, chip.body("nobody"), null));
        assertRefused(400, 400004, () -> dps.register(SCOPE, "box-1", NONE, json("{'tpm':{}}"), null));
        assertRefused(
                400, 400004, () -> dps.register(SCOPE, "box-1", NONE, json("{'tpm':{'endorsementKey':'%'}}"), null));
        assertRefused(401, 401002, () -> dps.register("0ne99999999", "box-1", NONE, chip.body("box-1"), null));
        assertRefused(401, 401002, () -> dps.register(SCOPE, "box-1", NONE, json("{}"), null));
        other.activate(sealedForOther());
        assertRefused(
                401,
                401002,
                () -> dps.register(
                        SCOPE,
                        "box-1",
                        other.token(
                                SCOPE + "/registrations/box-1",
                                "registration",
                                hub.time.instant().plusSeconds(60)),
                        chip.body("box-1"),
                        null));
        dps.putEnrollment(
                Kind.INDIVIDUAL, "keyed", json("{'attestation':{'type':'symmetricKey'}}"), new ETagMatch.Absent());
        assertRefused(401, 401002, () -> dps.register(SCOPE, "keyed", NONE, chip.body("keyed"), null));
    }

    @Test
    void refuses_a_chip_that_changed_between_the_steps_and_one_over_mqtt() throws Exception {
        enroll("box-1");
        chip.activate(challenge("box-1"));
        assertRefused(
                401,
                401002,
                () -> dps.register(
                        SCOPE, "box-1", token("box-1"), TpmDevice.named("x").body("box-1"), null));
        assertRefused(401, 401002, () -> dps.authenticate(SCOPE, "box-1", token("box-1")));
    }

    @Test
    void forgets_the_keys_with_the_enrollment() throws Exception {
        enroll("box-1");
        chip.activate(challenge("box-1"));
        dps.deleteEnrollment(Kind.INDIVIDUAL, "box-1", new ETagMatch.Any());
        enroll("box-1");
        assertRefused(401, 401002, () -> dps.register(SCOPE, "box-1", token("box-1"), chip.body("box-1"), null));
    }

    private String sealedForOther() {
        dps.putEnrollment(Kind.INDIVIDUAL, "other", enrollment(TpmDevice.named("other")), new ETagMatch.Absent());
        return dps.register(SCOPE, "other", NONE, TpmDevice.named("other").body("other"), null)
                .body()
                .path("authenticationKey")
                .asText();
    }

    private void enroll(String id) {
        dps.putEnrollment(Kind.INDIVIDUAL, id, enrollment(chip), new ETagMatch.Absent());
    }

    private static ObjectNode enrollment(TpmDevice chip) {
        return json("{'attestation':{'type':'tpm','tpm':{'endorsementKey':'" + chip.endorsementKey() + "'}}}");
    }

    private String challenge(String id) {
        Answer answer = dps.register(SCOPE, id, NONE, chip.body(id), null);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.retryAfter()).isEmpty();
        List<String> members = List.copyOf(
                answer.body().properties().stream().map(e -> e.getKey()).toList());
        assertThat(members).containsExactly("message", "authenticationKey", "keyName");
        return answer.body().path("authenticationKey").asText();
    }

    private ObjectNode provision(String id) throws Exception {
        chip.activate(challenge(id));
        return register(id, chip);
    }

    private ObjectNode register(String id, TpmDevice by) {
        Credentials token = by.token(
                SCOPE + "/registrations/" + id,
                "registration",
                hub.time.instant().plusSeconds(60));
        Answer answer = dps.register(SCOPE, id, token, by.body(id), null);
        assertThat(answer.status()).isEqualTo(202);
        hub.time.advance(Duration.ofSeconds(1));
        return (ObjectNode) dps.operation(
                        SCOPE, id, token, answer.body().path("operationId").asText())
                .body()
                .path("registrationState");
    }

    private AccessControl.DeviceAccess connect(String id) {
        return hub.engine
                .access()
                .device(
                        Identity.device(id),
                        chip.token(
                                TestHub.HOST + "/devices/" + id,
                                null,
                                hub.time.instant().plusSeconds(60)));
    }

    private Credentials token(String id) {
        return chip.token(
                SCOPE + "/registrations/" + id,
                "registration",
                hub.time.instant().plusSeconds(60));
    }

    private static void assertRefused(int status, int errorCode, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(DpsRefusal.class, e -> {
            assertThat(e.status()).isEqualTo(status);
            assertThat(e.errorCode()).isEqualTo(errorCode);
        });
    }
}
