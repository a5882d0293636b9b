package io.hubwire.localhub.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.engine.C2dQueue.End;
import io.hubwire.localhub.engine.C2dQueue.Ended;
import io.hubwire.localhub.engine.C2dQueues.Delivery;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every state by every action; the state is read off the queue from outside. */
class C2dQueueTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final EngineOptions.C2d OPTIONS =
            new EngineOptions.C2d(50, Duration.ofHours(1), Duration.ofSeconds(60), 2, false);

    private final Object owner = new Object();
    private final List<Ended> ended = new ArrayList<>();
    private C2dQueue queue = new C2dQueue(OPTIONS);
    private Instant now = START;
    private int tokens;

    @ParameterizedTest
    @CsvSource({
        // from,      action,         to,        feedback
        "Enqueued,    next,           Invisible, -",
        "Enqueued,    complete,       Enqueued,  lockLost",
        "Enqueued,    abandon,        Enqueued,  lockLost",
        "Enqueued,    reject,         Enqueued,  lockLost",
        "Enqueued,    release,        Enqueued,  -",
        "Enqueued,    lockRunsOut,    Enqueued,  -",
        "Enqueued,    expires,        gone,      Expired",
        "Enqueued,    purge,          gone,      Purged",
        "Invisible,   next,           Invisible, -",
        "Invisible,   complete,       gone,      Success",
        "Invisible,   abandon,        Enqueued,  -",
        "Invisible,   reject,         gone,      Rejected",
        "Invisible,   release,        Enqueued,  -",
        "Invisible,   lockRunsOut,    Enqueued,  -",
        "Invisible,   expires,        gone,      Expired",
        "Invisible,   purge,          gone,      Purged",
        "AbandonedOnce, next,         Invisible, -",
        "AbandonedOnce, complete,     Enqueued,  lockLost",
        "AbandonedOnce, abandon,      Enqueued,  lockLost",
        "AbandonedOnce, reject,       Enqueued,  lockLost",
        "AbandonedOnce, release,      Enqueued,  -",
        "AbandonedOnce, lockRunsOut,  Enqueued,  -",
        "AbandonedOnce, expires,      gone,      Expired",
        "AbandonedOnce, purge,        gone,      Purged",
        "LastDelivery, complete,      gone,      Success",
        "LastDelivery, abandon,       gone,      DeliveryCountExceeded",
        "LastDelivery, reject,        gone,      Rejected",
        "LastDelivery, release,       Enqueued,  -",
        "LastDelivery, lockRunsOut,   Enqueued,  -",
        "LastDelivery, expires,       gone,      Expired",
        "LastDelivery, purge,         gone,      Purged",
        "gone,        next,           gone,      -",
        "gone,        complete,       gone,      lockLost",
        "gone,        abandon,        gone,      lockLost",
        "gone,        reject,         gone,      lockLost",
        "gone,        release,        gone,      -",
        "gone,        lockRunsOut,    gone,      -",
        "gone,        purge,          gone,      -",
    })
    void moves_as_the_table_says(String from, String action, String to, String outcome) {
        String token = bringTo(from);
        Optional<HubError> refusal = act(action, token);
        assertThat(state()).isEqualTo(to);
        if (outcome.equals("lockLost")) {
            assertThat(refusal).contains(HubError.DEVICE_MESSAGE_LOCK_LOST);
            assertThat(ended).isEmpty();
        } else {
            assertThat(refusal).isEmpty();
            assertThat(ended)
                    .extracting(e -> e.end().statusCode())
                    .containsExactlyElementsOf(outcome.equals("-") ? List.of() : List.of(outcome));
        }
    }

    /** @return the token that locks the message, or locked it last */
    private String bringTo(String state) {
        add("m");
        String token = "never given";
        switch (state) {
            case "Invisible" -> token = lock();
            case "AbandonedOnce" -> {
                token = lock();
                queue.abandon(token);
            }
            case "LastDelivery" -> {
                queue.abandon(lock());
                token = lock();
            }
            case "gone" -> {
                token = lock();
                queue.complete(token);
            }
            default -> assertThat(state).isEqualTo("Enqueued");
        }
        return token;
    }

    private Optional<HubError> act(String action, String token) {
        try {
            switch (action) {
                case "next" -> queue.next(owner, now, Instant.MIN, "another");
                case "complete" -> ended.add(queue.complete(token));
                case "abandon" -> queue.abandon(token).ifPresent(ended::add);
                case "reject" -> ended.add(queue.reject(token));
                case "release" -> queue.release(owner);
                case "lockRunsOut" -> sweepAfter(Duration.ofSeconds(60));
                case "expires" -> sweepAfter(Duration.ofHours(1));
                case "purge" -> ended.addAll(queue.purge());
                default -> throw new IllegalArgumentException(action);
            }
            return Optional.empty();
        } catch (HubException e) {
            return Optional.of(e.error());
        }
    }

    private String state() {
        if (queue.size() == 0) {
            return "gone";
        }
        return queue.next(owner, now, Instant.MIN, "probe").isPresent() ? "Enqueued" : "Invisible";
    }

    @Test
    void hands_out_in_order_of_sequence_number_also_what_came_back() {
        for (String text : List.of("a", "b", "c")) {
            add(text);
        }
        Delivery a = next();
        Delivery b = next();
        assertThat(List.of(a.sequenceNumber(), b.sequenceNumber())).containsExactly(1L, 2L);
        assertThat(a.redelivered()).isFalse();
        queue.abandon(b.lockToken());
        queue.abandon(a.lockToken());
        Delivery again = next();
        assertThat(again.message().text()).isEqualTo("a");
        assertThat(again.redelivered()).isTrue();
        assertThat(again.deliveryCount()).isEqualTo(1);
        assertThat(next().message().text()).isEqualTo("b");
        assertThat(next().message().text()).isEqualTo("c");
        assertThat(queue.next(owner, now, Instant.MIN, "none left")).isEmpty();
    }

    @Test
    void passes_over_what_was_queued_too_early() {
        add("early");
        now = now.plusSeconds(10);
        add("on time");
        Delivery delivery = queue.next(owner, now, now, "t").orElseThrow();
        assertThat(delivery.message().text()).isEqualTo("on time");
        assertThat(queue.next(owner, now, now, "t2")).isEmpty();
        assertThat(queue.next(owner, now, Instant.MIN, "t3")).isPresent();
    }

    @Test
    void gives_back_only_what_this_owner_holds() {
        add("mine");
        add("yours");
        lock();
        queue.next("you", now, Instant.MIN, "yours");
        assertThat(queue.release("nobody")).isFalse();
        assertThat(queue.release(owner)).isTrue();
        assertThat(next().message().text()).isEqualTo("mine");
        queue.complete("yours");
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void does_not_count_what_was_not_abandoned() {
        add("m");
        for (int i = 0; i < 20; i++) {
            assertThat(next().deliveryCount()).isZero();
            if (i % 2 == 0) {
                queue.release(owner);
            } else {
                sweepAfter(Duration.ofSeconds(60));
            }
        }
        assertThat(ended).isEmpty();
    }

    @Test
    void counts_locks_that_run_out_when_told_to() {
        queue = new C2dQueue(new EngineOptions.C2d(50, Duration.ofHours(1), Duration.ofSeconds(60), 2, true));
        add("m");
        lock();
        sweepAfter(Duration.ofSeconds(60));
        assertThat(next().deliveryCount()).isEqualTo(1);
        sweepAfter(Duration.ofSeconds(60));
        assertThat(ended).extracting(Ended::end).containsExactly(End.DELIVERY_COUNT_EXCEEDED);
    }

    @Test
    void lets_a_message_that_expired_under_a_lock_be_completed_while_the_lock_lasts() {
        queue.add(Message.of("m"), "generation", now, now.plusSeconds(30));
        String token = lock();
        assertThat(sweepAfter(Duration.ofSeconds(59))).isFalse();
        assertThat(queue.complete(token).end()).isEqualTo(End.SUCCESS);
        assertThat(ended).isEmpty();
    }

    @Test
    void is_full_at_fifty_locked_ones_included() {
        for (int i = 0; i < 50; i++) {
            add("m" + i);
        }
        lock();
        assertThatThrownBy(() -> add("one more"))
                .isInstanceOfSatisfying(HubException.class, e -> assertThat(e.error())
                        .isEqualTo(HubError.DEVICE_MAXIMUM_QUEUE_DEPTH_EXCEEDED))
                .hasMessage("Device Queue depth cannot exceed 50 messages");
        queue.purge();
        add("room again");
    }

    @Test
    void says_when_it_wants_to_be_looked_at() {
        assertThat(queue.nextDeadline()).isEmpty();
        queue.add(Message.of("m"), "generation", now, now.plusSeconds(30));
        assertThat(queue.nextDeadline()).contains(START.plusSeconds(30));
        lock();
        assertThat(queue.nextDeadline()).contains(START.plusSeconds(60));
    }

    private void add(String text) {
        queue.add(Message.of(text), "generation", now, now.plus(OPTIONS.timeToLive()));
    }

    private Delivery next() {
        return queue.next(owner, now, Instant.MIN, "token " + ++tokens).orElseThrow();
    }

    private String lock() {
        return next().lockToken();
    }

    private boolean sweepAfter(Duration time) {
        now = now.plus(time);
        return queue.sweep(now, ended);
    }
}
