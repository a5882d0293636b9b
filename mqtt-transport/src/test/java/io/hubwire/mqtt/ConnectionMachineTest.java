package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.mqtt.ConnectionEvent.Deadline;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table in the class comment of {@link ConnectionMachine}, row by row. */
class ConnectionMachineTest {
    private static final String FILTER = "$iothub/methods/POST/#";
    private static final RetryPolicy RETRY =
            new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofMinutes(4));
    private static final ConnectionTimes TIMES = ConnectionTimes.connectingWithin(Duration.ofSeconds(30));
    private static final TransportException RESET = new TransportException(ErrorCode.CONNECTION_LOST, "reset");

    private ConnectionMachine machine = new ConnectionMachine(RETRY, TIMES, () -> 0);

    @Test
    void opening_makes_a_link_and_bounds_every_wait() {
        assertThat(on(new ConnectionEvent.Open()))
                .containsExactly(
                        arm(Deadline.PATIENCE, RETRY.openPatience()),
                        announce(ConnectionState.CONNECTING, ChangeReason.REQUESTED),
                        new ConnectionStep.OpenLink(),
                        arm(Deadline.STEP, TIMES.connect()));
    }

    @Test
    void is_ready_after_connack_when_nothing_is_wanted() {
        on(new ConnectionEvent.Open());
        assertThat(on(up()))
                .containsSubsequence(
                        new ConnectionStep.StartSending(false),
                        announce(ConnectionState.CONNECTED, ChangeReason.REQUESTED),
                        new ConnectionStep.Opened());
        assertThat(machine.isReady()).isTrue();
    }

    @Test
    void subscribes_to_all_that_is_wanted_before_it_is_ready() {
        on(new ConnectionEvent.Want("a"));
        on(new ConnectionEvent.Want("b"));
        on(new ConnectionEvent.Open());
        assertThat(on(up()))
                .contains(new ConnectionStep.Subscribe(List.of("a", "b")), arm(Deadline.STEP, TIMES.subscribe()))
                .doesNotContain(new ConnectionStep.Opened());
        assertThat(on(new ConnectionEvent.Subscribed(List.of("a", "b"), List.of(1, 0))))
                .contains(new ConnectionStep.Granted(List.of("a", "b")), new ConnectionStep.Opened());
    }

    @Test
    void what_is_wanted_while_subscribing_is_asked_for_before_it_is_ready() {
        on(new ConnectionEvent.Want("a"));
        on(new ConnectionEvent.Open());
        on(up());
        on(new ConnectionEvent.Want("b"));
        assertThat(on(new ConnectionEvent.Subscribed(List.of("a"), List.of(1))))
                .contains(new ConnectionStep.Subscribe(List.of("b")))
                .doesNotContain(new ConnectionStep.Opened());
        assertThat(on(new ConnectionEvent.Subscribed(List.of("b"), List.of(1)))).contains(new ConnectionStep.Opened());
    }

    @Test
    void a_filter_refused_at_the_start_ends_the_attempt_and_is_named() {
        on(new ConnectionEvent.Want(FILTER));
        on(new ConnectionEvent.Open());
        on(up());
        assertThat(on(new ConnectionEvent.Subscribed(List.of(FILTER), List.of(0x80))))
                .contains(new ConnectionStep.CloseLink());
        HubwireException cause = failure(on(new ConnectionEvent.LinkDown(null)));
        assertThat(cause).hasMessageContaining(FILTER);
        assertThat(cause.code()).isEqualTo(ErrorCode.FORBIDDEN);
    }

    @Test
    void a_filter_refused_later_concerns_only_who_wanted_it() {
        ready();
        assertThat(on(new ConnectionEvent.Want(FILTER))).contains(new ConnectionStep.Subscribe(List.of(FILTER)));
        assertThat(on(new ConnectionEvent.Subscribed(List.of(FILTER), List.of(0x80))))
                .anyMatch(s -> s instanceof ConnectionStep.NotGranted refused
                        && refused.filter().equals(FILTER))
                .contains(new ConnectionStep.Disarm(Deadline.STEP));
        assertThat(machine.isReady()).isTrue();
    }

    @Test
    void what_is_granted_already_is_granted_at_once() {
        on(new ConnectionEvent.Want(FILTER));
        on(new ConnectionEvent.Open());
        on(up());
        on(new ConnectionEvent.Subscribed(List.of(FILTER), List.of(1)));
        assertThat(on(new ConnectionEvent.Want(FILTER))).containsExactly(new ConnectionStep.Granted(List.of(FILTER)));
    }

    @Test
    void each_step_that_takes_too_long_cuts_the_link() {
        on(new ConnectionEvent.Open());
        assertThat(on(expired(Deadline.STEP))).singleElement().satisfies(ConnectionMachineTest::isTimeout);
        on(down(transientFailure()));
        on(expired(Deadline.RETRY));
        on(new ConnectionEvent.Want(FILTER));
        on(up());
        assertThat(on(expired(Deadline.STEP))).singleElement().satisfies(ConnectionMachineTest::isTimeout);
    }

    @Test
    void waits_longer_after_each_failure_and_opens_when_the_time_has_come() {
        on(new ConnectionEvent.Open());
        assertThat(retryDelays(6))
                .containsExactly(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(16),
                        Duration.ofSeconds(32));
    }

    @Test
    void jitter_takes_away_up_to_half_of_a_delay() {
        assertThat(RETRY.delay(4, 0)).isEqualTo(Duration.ofSeconds(8));
        assertThat(RETRY.delay(4, 0.9999)).isBetween(Duration.ofSeconds(4), Duration.ofMillis(4010));
        assertThat(RETRY.delay(1000, 0)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void back_off_starts_anew_only_after_a_link_has_settled() {
        on(new ConnectionEvent.Open());
        retryDelays(3);
        on(up());
        assertThat(retryDelay(on(down(transientFailure())))).isEqualTo(Duration.ofSeconds(8));
        on(expired(Deadline.RETRY));
        on(up());
        on(expired(Deadline.SETTLED));
        assertThat(retryDelay(on(down(transientFailure())))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void gives_up_at_once_on_what_cannot_go_better() {
        on(new ConnectionEvent.Open());
        TransportException wrongName = new TransportException(ErrorCode.TLS_FAILED, "wrong host name");
        List<ConnectionStep> steps =
                on(down(new Failure(wrongName, ChangeReason.UNREACHABLE, Failure.Verdict.GIVE_UP, false)));
        assertThat(failure(steps)).isSameAs(wrongName);
        assertThat(steps).contains(new ConnectionStep.Disarm(Deadline.PATIENCE));
    }

    @Test
    void a_refusal_is_final_for_a_client_that_was_never_connected() {
        on(new ConnectionEvent.Open());
        assertThat(failure(on(down(refusal())))).isSameAs(refusal().cause());
    }

    @Test
    void a_refusal_of_a_client_that_was_connected_is_tried_again_for_as_long_as_it_has_patience() {
        ready();
        on(down(transientFailure()));
        on(expired(Deadline.RETRY));
        // the hub fails over: it refuses everybody for a while
        List<ConnectionStep> steps = on(down(refusal()));
        assertThat(retryDelay(steps)).isPositive();
        assertThat(steps).contains(arm(Deadline.PATIENCE, RETRY.openPatience()));
        on(expired(Deadline.RETRY));
        assertThat(on(down(refusal()))).doesNotContain(arm(Deadline.PATIENCE, RETRY.openPatience()));
        assertThat(failure(on(expired(Deadline.PATIENCE)))).isSameAs(refusal().cause());
    }

    @Test
    void only_refusals_in_a_row_wear_patience_out() {
        ready();
        on(down(refusal()));
        on(expired(Deadline.RETRY));
        // not even reachable now: that is tried again without limit
        assertThat(on(down(transientFailure()))).contains(new ConnectionStep.Disarm(Deadline.PATIENCE));
        on(expired(Deadline.RETRY));
        assertThat(on(down(refusal()))).contains(arm(Deadline.PATIENCE, RETRY.openPatience()));
        on(expired(Deadline.RETRY));
        assertThat(on(up())).contains(new ConnectionStep.Disarm(Deadline.PATIENCE));
        assertThat(on(down(refusal()))).contains(arm(Deadline.PATIENCE, RETRY.openPatience()));
    }

    @Test
    void patience_while_opening_runs_through_whatever_goes_wrong() {
        assertThat(on(new ConnectionEvent.Open())).contains(arm(Deadline.PATIENCE, RETRY.openPatience()));
        assertThat(on(down(transientFailure()))).doesNotContain(new ConnectionStep.Disarm(Deadline.PATIENCE));
    }

    @Test
    void another_key_is_tried_without_delay() {
        on(new ConnectionEvent.Open());
        Failure firstKey = new Failure(refusal().cause(), ChangeReason.REFUSED, Failure.Verdict.RETRY_NOW, false);
        assertThat(on(down(firstKey))).contains(new ConnectionStep.OpenLink());
    }

    @Test
    void a_client_without_retries_ends_with_the_first_failure() {
        machine = new ConnectionMachine(RetryPolicy.NONE, TIMES, () -> 0);
        on(new ConnectionEvent.Open());
        assertThat(failure(on(down(transientFailure())))).isSameAs(RESET);
        ready();
        assertThat(failure(on(down(transientFailure())))).isSameAs(RESET);
    }

    @Test
    void out_of_patience_it_cuts_the_attempt_and_fails_with_the_last_cause() {
        on(new ConnectionEvent.Open());
        on(down(transientFailure()));
        on(expired(Deadline.RETRY));
        assertThat(on(expired(Deadline.PATIENCE))).singleElement().isInstanceOf(ConnectionStep.AbortLink.class);
        assertThat(failure(on(down(transientFailure())))).isSameAs(RESET);
        assertThat(on(new ConnectionEvent.Open())).contains(new ConnectionStep.OpenLink());
    }

    @Test
    void renewal_stops_sending_drains_closes_and_opens_the_next_link_at_once() {
        on(new ConnectionEvent.Open());
        assertThat(on(new ConnectionEvent.LinkUp(false, Duration.ofMinutes(50))))
                .contains(arm(Deadline.RENEWAL, Duration.ofMinutes(50)));
        assertThat(on(expired(Deadline.RENEWAL)))
                .containsExactly(arm(Deadline.STEP, TIMES.drain()), new ConnectionStep.StopSending());
        assertThat(on(new ConnectionEvent.Drained())).contains(new ConnectionStep.CloseLink());
        assertThat(on(new ConnectionEvent.LinkDown(null)))
                .containsSubsequence(
                        announce(ConnectionState.CONNECTING, ChangeReason.TOKEN_RENEWAL),
                        new ConnectionStep.OpenLink());
        assertThat(on(up())).contains(announce(ConnectionState.CONNECTED, ChangeReason.TOKEN_RENEWAL));
    }

    @Test
    void renewal_does_not_wait_for_ever_for_the_window_to_drain() {
        on(new ConnectionEvent.Open());
        on(new ConnectionEvent.LinkUp(false, Duration.ofMinutes(50)));
        on(expired(Deadline.RENEWAL));
        assertThat(on(expired(Deadline.STEP))).contains(new ConnectionStep.CloseLink());
    }

    @Test
    void three_short_links_ended_by_the_hub_look_like_a_take_over() {
        on(new ConnectionEvent.Open());
        Failure ended = new Failure(RESET, ChangeReason.LINK_LOST, Failure.Verdict.RETRY, true);
        for (int i = 0; i < 2; i++) {
            on(up());
            assertThat(announced(on(down(ended))).reason()).isEqualTo(ChangeReason.LINK_LOST);
            on(expired(Deadline.RETRY));
        }
        on(up());
        ConnectionChange change = announced(on(down(ended)));
        assertThat(change.reason()).isEqualTo(ChangeReason.TAKEN_OVER);
        assertThat(change.cause().code()).isEqualTo(ErrorCode.TAKEN_OVER);
        assertThat(change.cause()).hasMessageContaining("same id").hasMessageContaining("messages of the day");
        assertThat(change.retryIn()).isGreaterThanOrEqualTo(TIMES.takenOver());
    }

    @Test
    void closing_lets_what_is_under_way_end_then_closes_then_cuts() {
        ready();
        assertThat(on(new ConnectionEvent.Close()))
                .endsWith(arm(Deadline.STEP, TIMES.closeDrain()), new ConnectionStep.StopSending());
        assertThat(on(expired(Deadline.STEP)))
                .containsExactly(new ConnectionStep.CloseLink(), arm(Deadline.STEP, TIMES.disconnect()));
        assertThat(on(new ConnectionEvent.Drained())).isEmpty();
        assertThat(on(expired(Deadline.STEP))).singleElement().isInstanceOf(ConnectionStep.AbortLink.class);
        assertThat(on(new ConnectionEvent.LinkDown(null)))
                .endsWith(announce(ConnectionState.CLOSED, ChangeReason.REQUESTED), new ConnectionStep.Finished());
    }

    @Test
    void closing_takes_less_than_a_second() {
        assertThat(TIMES.closeDrain().plus(TIMES.disconnect())).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void closes_from_every_state() {
        Stream.<Runnable>of(
                        () -> {},
                        () -> on(new ConnectionEvent.Open()),
                        this::subscribing,
                        this::ready,
                        () -> {
                            ready();
                            on(down(transientFailure()));
                        },
                        () -> {
                            on(new ConnectionEvent.Open());
                            on(new ConnectionEvent.LinkUp(false, Duration.ofMinutes(1)));
                            on(expired(Deadline.RENEWAL));
                        },
                        () -> {
                            on(new ConnectionEvent.Open());
                            on(new ConnectionEvent.LinkUp(false, Duration.ofMinutes(1)));
                            on(expired(Deadline.RENEWAL));
                            on(new ConnectionEvent.Drained());
                        })
                .forEach(path -> {
                    machine = new ConnectionMachine(RETRY, TIMES, () -> 0);
                    path.run();
                    List<ConnectionStep> steps = on(new ConnectionEvent.Close());
                    for (int i = 0; i < 3 && !steps.contains(new ConnectionStep.Finished()); i++) {
                        boolean linkEnds = steps.stream()
                                .anyMatch(s ->
                                        s instanceof ConnectionStep.CloseLink || s instanceof ConnectionStep.AbortLink);
                        steps = on(linkEnds ? new ConnectionEvent.LinkDown(null) : new ConnectionEvent.Drained());
                    }
                    assertThat(steps).contains(new ConnectionStep.Finished());
                    assertThat(on(new ConnectionEvent.Open())).isEmpty();
                    assertThat(on(new ConnectionEvent.Close())).containsExactly(new ConnectionStep.Finished());
                });
    }

    private List<ConnectionStep> on(ConnectionEvent event) {
        return machine.on(event);
    }

    private void subscribing() {
        on(new ConnectionEvent.Want(FILTER));
        on(new ConnectionEvent.Open());
        on(up());
    }

    private void ready() {
        on(new ConnectionEvent.Open());
        on(up());
        assertThat(machine.isReady()).isTrue();
    }

    private List<Duration> retryDelays(int count) {
        return Stream.generate(() -> {
                    Duration delay = retryDelay(on(down(transientFailure())));
                    on(expired(Deadline.RETRY));
                    return delay;
                })
                .limit(count)
                .toList();
    }

    private static ConnectionEvent up() {
        return new ConnectionEvent.LinkUp(false, null);
    }

    private static ConnectionEvent down(Failure failure) {
        return new ConnectionEvent.LinkDown(failure);
    }

    private static ConnectionEvent expired(Deadline which) {
        return new ConnectionEvent.Expired(which);
    }

    private static Failure transientFailure() {
        return Failure.transientOne(RESET, ChangeReason.LINK_LOST);
    }

    private static final Failure REFUSAL = new Failure(
            new ConnectRefusedException(5, ErrorCode.UNAUTHORIZED, RefusalCause.KEY_OR_DEVICE, null, "not authorized"),
            ChangeReason.REFUSED,
            Failure.Verdict.REFUSED,
            false);

    private static Failure refusal() {
        return REFUSAL;
    }

    private static ConnectionStep arm(Deadline which, Duration delay) {
        return new ConnectionStep.Arm(which, delay);
    }

    private static ConnectionStep announce(ConnectionState state, ChangeReason reason) {
        return new ConnectionStep.Announce(new ConnectionChange(state, reason, null, null));
    }

    private static ConnectionChange announced(List<ConnectionStep> steps) {
        return steps.stream()
                .filter(ConnectionStep.Announce.class::isInstance)
                .map(s -> ((ConnectionStep.Announce) s).change())
                .findFirst()
                .orElseThrow();
    }

    private static Duration retryDelay(List<ConnectionStep> steps) {
        ConnectionChange change = announced(steps);
        assertThat(change.state()).isEqualTo(ConnectionState.RETRYING);
        assertThat(steps).contains(arm(Deadline.RETRY, change.retryIn()));
        return change.retryIn();
    }

    private static HubwireException failure(List<ConnectionStep> steps) {
        assertThat(announced(steps).state()).isEqualTo(ConnectionState.DISCONNECTED);
        return steps.stream()
                .filter(ConnectionStep.OpenFailed.class::isInstance)
                .map(s -> ((ConnectionStep.OpenFailed) s).cause())
                .findFirst()
                .orElseThrow();
    }

    private static void isTimeout(ConnectionStep step) {
        assertThat(step).isInstanceOfSatisfying(ConnectionStep.AbortLink.class, abort -> assertThat(
                        abort.cause().code())
                .isEqualTo(ErrorCode.TIMED_OUT));
    }
}
