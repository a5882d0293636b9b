package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    private final Outbox outbox = new Outbox(2);
    private final OutgoingMessage first = message("1", null);
    private final OutgoingMessage second = message("2", null);
    private final OutgoingMessage third = message("3", null);

    @Test
    void hands_out_in_order_and_never_more_than_the_window() {
        addAll();
        assertThat(outbox.next()).isSameAs(first);
        assertThat(outbox.next()).isSameAs(second);
        assertThat(outbox.next()).isNull();
        assertThat(outbox.delivered(first)).isTrue();
        assertThat(outbox.next()).isSameAs(third);
    }

    @Test
    void an_acknowledgement_counts_once() {
        addAll();
        outbox.next();
        assertThat(outbox.delivered(first)).isTrue();
        assertThat(outbox.delivered(first)).isFalse();
        assertThat(outbox.delivered(third)).isFalse();
    }

    @Test
    void what_was_sent_is_to_be_resent_in_order_before_what_waits() {
        addAll();
        outbox.next().packetId(7);
        outbox.next().packetId(8);
        outbox.linkLost();
        assertThat(outbox.toResend()).containsExactly(first, second);
        assertThat(outbox.next()).isNull();
        outbox.delivered(second);
        assertThat(outbox.next()).isSameAs(third);
    }

    @Test
    void what_the_link_never_took_goes_back_to_the_head_of_the_queue() {
        addAll();
        outbox.next();
        outbox.next();
        outbox.linkLost();
        assertThat(outbox.toResend()).isEmpty();
        assertThat(outbox.next()).isSameAs(first);
        assertThat(outbox.next()).isSameAs(second);
    }

    @Test
    void a_message_that_times_out_under_way_keeps_its_place_until_the_link_ends() {
        addAll();
        outbox.next().packetId(7);
        outbox.next().packetId(8);
        assertThat(outbox.timedOut(99)).isEmpty();
        assertThat(outbox.timedOut(100)).containsExactly(first, second, third);
        first.failed(io.hubwire.protocol.ErrorCode.TIMED_OUT, "", null);
        second.failed(io.hubwire.protocol.ErrorCode.TIMED_OUT, "", null);
        assertThat(outbox.timedOut(100)).isEmpty();
        assertThat(outbox.underWayCount()).isEqualTo(2);
        outbox.linkLost();
        assertThat(outbox.toResend()).isEmpty();
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    void a_message_past_its_own_expiry_is_taken_out_unless_it_is_under_way() {
        OutgoingMessage underWay = message("u", NOON);
        OutgoingMessage waiting = message("w", NOON);
        outbox.add(underWay);
        outbox.next();
        outbox.add(waiting);
        assertThat(outbox.removeExpired(NOON.minusMillis(1))).isEmpty();
        assertThat(outbox.removeExpired(NOON)).containsExactly(waiting);
    }

    @Test
    void drops_only_what_still_waits() {
        outbox.add(first);
        outbox.next();
        assertThat(outbox.dropOldestWaiting()).isNull();
        outbox.add(second);
        outbox.add(third);
        assertThat(outbox.dropOldestWaiting()).isSameAs(second);
    }

    private void addAll() {
        outbox.add(first);
        outbox.add(second);
        outbox.add(third);
    }

    private static OutgoingMessage message(String id, Instant expiry) {
        return OutgoingMessage.inMemory("t", new byte[0], id, expiry, 0, 100);
    }
}
