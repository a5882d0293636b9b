package io.hubwire.dps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.dps.Registration.Answer;
import io.hubwire.dps.Registration.Step;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationTest {
    private static final String HOST = "global.azure-devices-provisioning.net";
    private static final String ASSIGNING = "{\"operationId\":\"op 1\",\"status\":\"assigning\"}";
    private static final String ASSIGNED = "{\"operationId\":\"op 1\",\"status\":\"Assigned\",\"registrationState\":"
            + "{\"assignedHub\":\"h.net\",\"deviceId\":\"d1\",\"status\":\"assigned\"}}";

    private final FakeTime time = new FakeTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Registration machine = machine(false, Duration.ofMinutes(5));

    @Test
    void waits_as_long_as_ordered_to_the_letter_and_within_bounds() {
        machine.begin();
        assertThat(delay(machine.onResponse(answer(202, ASSIGNING, 3)))).isEqualTo(Duration.ofSeconds(3));
        machine.onTimer();
        assertThat(delay(machine.onResponse(answer(202, ASSIGNING, 0)))).isEqualTo(Duration.ofSeconds(1));
        machine.onTimer();
        assertThat(delay(machine.onResponse(answer(200, ASSIGNING, 299)))).isEqualTo(Duration.ofSeconds(299));
        Registration patient = machine(false, Duration.ofHours(1));
        patient.begin();
        assertThat(delay(patient.onResponse(answer(202, ASSIGNING, 86_400)))).isEqualTo(Duration.ofSeconds(300));
    }

    @Test
    void without_an_order_it_polls_after_two_to_three_seconds() {
        List<Duration> delays = new ArrayList<>();
        machine.begin();
        for (int i = 0; i < 200; i++) {
            delays.add(delay(machine.onResponse(answer(202, ASSIGNING))));
            machine.onTimer();
        }
        assertThat(delays).allSatisfy(d -> assertThat(d).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3)));
        assertThat(delays.stream().distinct().count()).isGreaterThan(100);
    }

    @Test
    void failures_in_a_row_raise_the_ceiling_of_the_pause_and_an_answer_lowers_it() {
        Duration longest = Duration.ZERO;
        for (int round = 0; round < 50; round++) {
            Backoff backoff = new Backoff(new SplittableRandom(round));
            for (long ceiling : new long[] {2, 4, 8, 16, 32, 64, 64, 64}) {
                Duration pause = backoff.failure(Optional.empty());
                assertThat(pause).isBetween(Duration.ZERO, Duration.ofSeconds(ceiling));
                longest = pause.compareTo(longest) > 0 ? pause : longest;
            }
            backoff.poll(Optional.empty());
            assertThat(backoff.failure(Optional.empty())).isLessThanOrEqualTo(Duration.ofSeconds(2));
        }
        assertThat(longest).isGreaterThan(Duration.ofSeconds(50));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 409, 429, 500, 502, 503, 504, 599})
    void register_is_sent_again_after_what_may_pass(int status) {
        machine.begin();
        Step step = machine.onResponse(answer(status, "<html>", 10));
        assertThat(((Step.RegisterAfter) step).delay()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
        assertThat(machine.onTimer()).isEqualTo(new Step.SendRegister(HOST, true, null));
        assertThat(machine.onResponse(answer(200, ASSIGNED))).isInstanceOf(Step.Assigned.class);
    }

    @ParameterizedTest
    @CsvSource({
        "400,INVALID_ARGUMENT",
        "401,UNAUTHORIZED",
        "403,FORBIDDEN",
        "404,NOT_FOUND",
        "405,UNSUPPORTED",
        "412,PRECONDITION_FAILED",
        "415,INVALID_ARGUMENT",
        "501,UNSUPPORTED",
        "302,MALFORMED_REPLY",
        "199,MALFORMED_REPLY"
    })
    void any_other_status_is_final_with_or_without_json(int status, ErrorCode code) {
        for (String body :
                List.of("", "nonsense", "[1]", "{\"errorCode\":401002,\"message\":\"no\",\"trackingId\":\"t-1\"}")) {
            Registration fresh = machine(false, Duration.ofMinutes(5));
            fresh.begin();
            Step step = fresh.onResponse(answer(status, body));
            assertThat(step).isInstanceOfSatisfying(Step.Failed.class, f -> {
                assertThat(f.cause().code()).isEqualTo(code);
                assertThat(f.cause()).isInstanceOfSatisfying(DpsException.class, d -> {
                    assertThat(d.httpStatus()).hasValue(status);
                    assertThat(d.errorCode().isPresent()).isEqualTo(body.startsWith("{"));
                    assertThat(d.trackingId().isPresent()).isEqualTo(body.startsWith("{"));
                });
            });
            assertThat(fresh.isEnded()).isTrue();
        }
    }

    @Test
    void a_lost_answer_is_asked_for_again_by_the_same_request() {
        machine.begin();
        assertThat(machine.onLost(lost(ErrorCode.CONNECTION_LOST))).isInstanceOf(Step.RegisterAfter.class);
        machine.onTimer();
        machine.onResponse(answer(202, ASSIGNING));
        assertThat(machine.onTimer()).isEqualTo(new Step.SendPoll(HOST, "op 1", null));
        assertThat(machine.onLost(lost(ErrorCode.TIMED_OUT))).isInstanceOf(Step.PollAfter.class);
        assertThat(machine.onTimer()).isEqualTo(new Step.SendPoll(HOST, "op 1", null));
        assertThat(machine.onLost(lost(ErrorCode.TLS_FAILED)))
                .isInstanceOfSatisfying(
                        Step.Failed.class, f -> assertThat(f.cause().code()).isEqualTo(ErrorCode.TLS_FAILED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>proxy</html>", "[]", "{", "null"})
    void a_success_that_cannot_be_read_counts_as_no_answer(String body) {
        machine.begin();
        assertThat(machine.onResponse(answer(202, body))).isInstanceOf(Step.RegisterAfter.class);
        machine.onTimer();
        machine.onResponse(answer(202, ASSIGNING));
        machine.onTimer();
        assertThat(machine.onResponse(answer(200, body))).isInstanceOf(Step.PollAfter.class);
    }

    @Test
    void a_poll_answer_without_operation_id_keeps_the_old_one() {
        machine.begin();
        machine.onResponse(answer(202, ASSIGNING));
        machine.onTimer();
        Step step = machine.onResponse(answer(202, "{\"status\":\"unassigned\"}"));
        assertThat(((Step.PollAfter) step).operationId()).isEqualTo("op 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "202 | {\"status\":\"assigning\"} | operationId",
                "200 | {\"status\":\"assigned\",\"registrationState\":{\"assignedHub\":\"h\"}} | no hub or under no device id",
                "200 | {\"status\":\"assigned\"} | no hub or under no device id",
                "200 | {\"operationId\":\"o\",\"status\":\"parked\"} | unknown status [parked]",
            })
    void an_answer_that_makes_no_sense_ends_it(int status, String body, String why) {
        machine.begin();
        assertThat(machine.onResponse(answer(status, body))).isInstanceOfSatisfying(Step.Failed.class, f -> {
            assertThat(f.cause()).isInstanceOf(RemoteProtocolException.class).hasMessageContaining(why);
        });
    }

    @Test
    void a_status_it_does_not_know_is_waited_out_while_the_service_says_202() {
        machine.begin();
        assertThat(machine.onResponse(answer(202, "{\"operationId\":\"o\",\"status\":\"thinking\"}")))
                .isInstanceOf(Step.PollAfter.class);
    }

    @Test
    void an_expired_token_is_replaced_once_by_the_services_clock() {
        machine.begin();
        Instant theirs = time.instant().plus(Duration.ofHours(3));
        Instant expiry = time.instant().plus(Duration.ofHours(1));
        Answer refused = new Answer(401, "{\"errorCode\":401002}", Optional.empty(), null, theirs, expiry);
        assertThat(machine.onResponse(refused)).isEqualTo(new Step.SendRegister(HOST, true, theirs));
        assertThat(machine.onResponse(refused)).isInstanceOfSatisfying(Step.Failed.class, f -> {
            assertThat(f.cause().code()).isEqualTo(ErrorCode.TOKEN_EXPIRED);
            assertThat(f.cause()).hasMessageContaining("clock is 10800 s behind the service's");
        });
    }

    @Test
    void a_good_token_that_is_refused_is_not_replaced() {
        machine.begin();
        Instant theirs = time.instant().minusSeconds(61);
        Answer refused = new Answer(
                401,
                "{\"errorCode\":401002}",
                Optional.empty(),
                null,
                theirs,
                time.instant().plusSeconds(3600));
        assertThat(machine.onResponse(refused)).isInstanceOfSatisfying(Step.Failed.class, f -> {
            assertThat(f.cause().code()).isEqualTo(ErrorCode.UNAUTHORIZED);
            assertThat(f.cause()).hasMessageContaining("clock is 61 s ahead of the service's");
        });
    }

    @Test
    void a_token_that_expires_while_polling_is_replaced_for_the_poll() {
        machine.begin();
        machine.onResponse(answer(202, ASSIGNING));
        machine.onTimer();
        Instant expiry = time.instant().minusSeconds(1);
        Step step = machine.onResponse(new Answer(401, "", Optional.empty(), null, null, expiry));
        assertThat(step).isEqualTo(new Step.SendPoll(HOST, "op 1", time.instant()));
    }

    @Test
    void a_tpm_is_challenged_once_and_only_once() {
        Registration tpm = machine(true, Duration.ofMinutes(5));
        assertThat(tpm.begin()).isEqualTo(new Step.SendRegister(HOST, false, null));
        Step challenge = tpm.onResponse(answer(401, "{\"authenticationKey\":\"QUJD\",\"keyName\":\"registration\"}"));
        assertThat(challenge).isEqualTo(new Step.ActivateTpm("QUJD")).hasToString("ActivateTpm[…]");
        assertThat(tpm.onActivated()).isEqualTo(new Step.SendRegister(HOST, true, null));
        assertThat(tpm.onResponse(answer(401, "{\"authenticationKey\":\"QUJD\"}")))
                .isInstanceOf(Step.Failed.class);
    }

    @Test
    void a_tpm_that_is_taken_unchallenged_or_refused_plainly_fails() {
        Registration unchallenged = machine(true, Duration.ofMinutes(5));
        unchallenged.begin();
        assertThat(unchallenged.onResponse(answer(202, ASSIGNING)))
                .isInstanceOfSatisfying(
                        Step.Failed.class, f -> assertThat(f.cause().code()).isEqualTo(ErrorCode.MALFORMED_REPLY));
        Registration refused = machine(true, Duration.ofMinutes(5));
        refused.begin();
        assertThat(refused.onResponse(answer(401, "{\"errorCode\":401002}")))
                .isInstanceOfSatisfying(
                        Step.Failed.class, f -> assertThat(f.cause().code()).isEqualTo(ErrorCode.UNAUTHORIZED));
    }

    @Test
    void a_key_device_does_not_take_a_challenge() {
        machine.begin();
        assertThat(machine.onResponse(answer(401, "{\"authenticationKey\":\"QUJD\"}")))
                .isInstanceOf(Step.Failed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "https://global-alt.azure-devices-provisioning.net/x/registrations/y/register, true",
        "https://GLOBAL-ALT.Azure-Devices-Provisioning.NET:443/, true",
        "https://evil.example.net/, false",
        "https://azure-devices-provisioning.net/, false",
        "https://global-alt.azure-devices-provisioning.net:8443/, false",
        "http://global-alt.azure-devices-provisioning.net/, false",
        "/register, false",
        "'::not an address', false",
    })
    void follows_redirects_to_siblings_only(String location, boolean followed) {
        machine.begin();
        Step step = machine.onResponse(new Answer(307, "", Optional.empty(), location, null, null));
        if (followed) {
            assertThat(((Step.SendRegister) step).host())
                    .isEqualToIgnoringCase("global-alt.azure-devices-provisioning.net");
        } else {
            assertThat(step).isInstanceOfSatisfying(Step.Failed.class, f -> assertThat(f.cause())
                    .hasMessageContaining("[" + location + "]"));
        }
    }

    @Test
    void follows_three_redirects_and_then_polls_where_they_led() {
        machine.begin();
        for (String host : List.of("a", "b", "c")) {
            machine.onResponse(redirect(host));
        }
        machine.onResponse(answer(202, ASSIGNING));
        assertThat(machine.onTimer()).isEqualTo(new Step.SendPoll("c.azure-devices-provisioning.net", "op 1", null));
        assertThat(machine.onResponse(redirect("d"))).isInstanceOf(Step.Failed.class);
    }

    @Test
    void a_wait_that_ends_after_the_limit_is_not_begun() {
        machine.begin();
        time.advance(Duration.ofSeconds(290));
        Step step = machine.onResponse(answer(202, ASSIGNING, 10));
        assertThat(step).isInstanceOfSatisfying(Step.Failed.class, f -> {
            assertThat(f.cause().code()).isEqualTo(ErrorCode.TIMED_OUT);
            assertThat(f.cause()).hasMessageContaining("10000 ms, past its limit of PT5M");
        });
    }

    @Test
    void once_ended_every_event_gives_the_same_end() {
        machine.begin();
        Step end = machine.onDeadline();
        assertThat(end)
                .isInstanceOfSatisfying(
                        Step.Failed.class, f -> assertThat(f.cause().code()).isEqualTo(ErrorCode.TIMED_OUT));
        assertThat(machine.onResponse(answer(200, ASSIGNED))).isSameAs(end);
        assertThat(machine.onLost(lost(ErrorCode.TIMED_OUT))).isSameAs(end);
        assertThat(machine.onTimer()).isSameAs(end);
        assertThat(machine.onActivated()).isSameAs(end);
        assertThat(machine.onDeadline()).isSameAs(end);
        assertThat(machine.abort(lost(ErrorCode.CANCELLED))).isSameAs(end);
    }

    @Test
    void an_event_out_of_place_is_the_drivers_mistake() {
        assertThatThrownBy(machine::onTimer).isInstanceOf(IllegalStateException.class);
        machine.begin();
        assertThatThrownBy(machine::begin).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(machine::onTimer).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(machine::onActivated).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> machine(false, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    private Registration machine(boolean byTpm, Duration limit) {
        return new Registration(
                HOST, "registration of [d1] in scope [s1]", byTpm, limit, time, new SplittableRandom(3));
    }

    private static Duration delay(Step step) {
        return ((Step.PollAfter) step).delay();
    }

    private static Answer answer(int status, String body) {
        return new Answer(status, body, Optional.empty(), null, null, null);
    }

    private static Answer answer(int status, String body, int retryAfterSeconds) {
        return new Answer(status, body, Optional.of(Duration.ofSeconds(retryAfterSeconds)), null, null, null);
    }

    private static Answer redirect(String name) {
        return new Answer(
                308, "", Optional.empty(), "https://" + name + ".azure-devices-provisioning.net/", null, null);
    }

    private static TransportException lost(ErrorCode code) {
        return new TransportException(code, "lost");
    }
}
