package io.hubwire.dps;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.dps.HubSearch.Step;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class HubSearchTest {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Assignment HOME = assignment("home-hub");
    private static final Assignment OTHER = assignment("other-hub");

    private final FakeTime time = new FakeTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final Random random = new Random(5);
    private final RegistrationPace pace = new RegistrationPace(random);
    private final HubSearch search = new HubSearch("device [d1]", PATIENCE, pace, random);

    static Assignment assignment(String hub) {
        return new Assignment(
                hub,
                "d1",
                RegistrationState.of(Json.object().put("status", "assigned").put("assignedHub", hub)));
    }

    static HubwireException failure(ErrorCode code) {
        return new TransportException(code, code.name(), null);
    }

    @Test
    void a_device_that_was_never_assigned_registers_and_connects() {
        assertThat(search.begin(null)).isEqualTo(new Step.Register());
        assertThat(search.onAssigned(HOME, time.instant())).isEqualTo(new Step.Connect(HOME));
        assertThat(search.onAccepted()).isEqualTo(new Step.Found());
    }

    @Test
    void a_device_that_knows_its_hub_does_not_ask_dps() {
        assertThat(search.begin(HOME)).isEqualTo(new Step.Connect(HOME));
        assertThat(search.onAccepted()).isEqualTo(new Step.Found());
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAUTHORIZED", "NOT_FOUND", "FORBIDDEN", "DISABLED"})
    void a_refusal_for_good_leads_to_dps_after_a_few_seconds(ErrorCode code) {
        pace.registered(time.instant().minus(Duration.ofDays(30)));
        search.begin(HOME);
        Duration wait = wait(search.onNotAccepted(failure(code), time.instant()));
        assertThat(wait).isLessThanOrEqualTo(RegistrationPace.SPREAD);
        assertThat(search.onTimer()).isEqualTo(new Step.Register());
        assertThat(search.onAssigned(OTHER, time.instant())).isEqualTo(new Step.Connect(OTHER));
    }

    @Test
    void a_hub_that_cannot_be_reached_is_tried_for_as_long_as_patience_lasts() {
        search.begin(HOME);
        Instant began = time.instant();
        int tries = 0;
        Step step = new Step.Connect(HOME);
        while (step instanceof Step.Connect) {
            tries++;
            Duration wait = wait(search.onNotAccepted(failure(ErrorCode.UNREACHABLE), time.instant()));
            assertThat(wait).isLessThanOrEqualTo(Duration.ofSeconds(64));
            time.advance(wait);
            step = search.onTimer();
        }
        assertThat(step).isEqualTo(new Step.Register());
        assertThat(Duration.between(began, time.instant())).isBetween(PATIENCE, PATIENCE.plus(Duration.ofSeconds(70)));
        assertThat(tries).isBetween(15, 80);
        assertThat(search.onAssigned(OTHER, time.instant())).isEqualTo(new Step.Connect(OTHER));
        assertThat(search.onNotAccepted(failure(ErrorCode.CONNECTION_LOST), time.instant()))
                .as("patience begins anew with the next hub")
                .isInstanceOf(Step.Wait.class);
        assertThat(search.onTimer()).isEqualTo(new Step.Connect(OTHER));
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_FAILED", "INVALID_ARGUMENT", "UNSUPPORTED", "CANCELLED", "MALFORMED_REPLY"})
    void what_neither_waiting_nor_dps_can_mend_is_final(ErrorCode code) {
        search.begin(HOME);
        HubwireException cause = failure(code);
        assertThat(search.onNotAccepted(cause, time.instant())).isEqualTo(new Step.Failed(cause));
        assertThat(search.onTimer()).isEqualTo(new Step.Nothing());
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"UNAUTHORIZED", "DISABLED", "TIMED_OUT", "TLS_FAILED"})
    void what_dps_refuses_is_final(ErrorCode code) {
        search.begin(null);
        HubwireException cause = failure(code);
        assertThat(search.onNotAssigned(cause)).isEqualTo(new Step.Failed(cause));
    }

    @Test
    void a_day_of_refusals_by_every_hub_makes_no_storm() {
        search.begin(null);
        Instant end = time.instant().plus(Duration.ofDays(1));
        List<Duration> waits = new ArrayList<>();
        while (time.instant().isBefore(end)) {
            search.onAssigned(HOME, time.instant());
            Duration wait = wait(search.onNotAccepted(failure(ErrorCode.NOT_FOUND), time.instant()));
            waits.add(wait);
            time.advance(wait);
            assertThat(search.onTimer()).isEqualTo(new Step.Register());
        }
        assertThat(waits.get(0)).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
        assertThat(waits.get(1)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
        assertThat(waits.subList(7, waits.size()))
                .allSatisfy(wait -> assertThat(wait).isBetween(Duration.ofMinutes(30), Duration.ofHours(1)));
        assertThat(waits).hasSizeBetween(28, 50);
    }

    @Test
    void searches_of_one_client_share_their_pace_and_an_hour_of_peace_is_forgiven() {
        for (int i = 0; i < 3; i++) {
            HubSearch next = new HubSearch("device [d1]", PATIENCE, pace, random);
            assertThat(next.begin(HOME)).isEqualTo(new Step.Connect(HOME));
            pace.registered(time.instant());
            Duration wait = wait(next.onNotAccepted(failure(ErrorCode.UNAUTHORIZED), time.instant()));
            assertThat(wait).isBetween(Duration.ofSeconds(15L << i), Duration.ofSeconds(30L << i));
            time.advance(wait);
        }
        time.advance(RegistrationPace.FORGIVEN);
        HubSearch later = new HubSearch("device [d1]", PATIENCE, pace, random);
        later.begin(HOME);
        assertThat(wait(later.onNotAccepted(failure(ErrorCode.UNAUTHORIZED), time.instant())))
                .isLessThanOrEqualTo(RegistrationPace.SPREAD);
    }

    @Test
    void a_clock_that_is_set_back_does_not_stretch_the_wait() {
        pace.registered(time.instant().plus(Duration.ofDays(400)));
        assertThat(pace.afterRefusal(time.instant())).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
    }

    @Test
    void a_deadline_ends_it_with_the_last_failure() {
        search.begin(HOME);
        HubwireException cause = failure(ErrorCode.UNREACHABLE);
        search.onNotAccepted(cause, time.instant());
        assertThat(search.onDeadline()).isEqualTo(new Step.Failed(cause));
        assertThat(search.onDeadline()).isEqualTo(new Step.Nothing());
        HubSearch unheard = new HubSearch("device [d1]", PATIENCE, pace, random);
        unheard.begin(null);
        assertThat(unheard.onDeadline())
                .isInstanceOfSatisfying(
                        Step.Failed.class, f -> assertThat(f.cause().code()).isEqualTo(ErrorCode.TIMED_OUT));
    }

    @Test
    void late_events_change_nothing() {
        search.begin(HOME);
        assertThat(search.onTimer()).isEqualTo(new Step.Nothing());
        assertThat(search.onAssigned(OTHER, time.instant())).isEqualTo(new Step.Nothing());
        assertThat(search.onNotAssigned(failure(ErrorCode.UNAUTHORIZED))).isEqualTo(new Step.Nothing());
        search.onAccepted();
        assertThat(search.onAccepted()).isEqualTo(new Step.Nothing());
        assertThat(search.onNotAccepted(failure(ErrorCode.UNAUTHORIZED), time.instant()))
                .isEqualTo(new Step.Nothing());
        assertThat(search.abort(failure(ErrorCode.CANCELLED))).isEqualTo(new Step.Nothing());
    }

    private static Duration wait(Step step) {
        assertThat(step).isInstanceOf(Step.Wait.class);
        return ((Step.Wait) step).delay();
    }
}
