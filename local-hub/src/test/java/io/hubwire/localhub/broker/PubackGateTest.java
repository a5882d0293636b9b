package io.hubwire.localhub.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PubackGateTest {
    private final PubackGate gate = new PubackGate();
    private final List<Integer> written = new ArrayList<>();
    private int wakes;

    @Test
    void lets_a_puback_pass_whose_message_is_safe() {
        expect(1).run();
        leave(1);
        assertThat(written).containsExactly(1);
    }

    @Test
    void holds_a_puback_until_its_message_is_safe() {
        Runnable safe = expect(1);
        leave(1);
        assertThat(gate.release()).isFalse();
        assertThat(written).isEmpty();
        safe.run();
        assertThat(wakes).isEqualTo(1);
        assertThat(gate.release()).isTrue();
        assertThat(written).containsExactly(1);
    }

    @Test
    void keeps_the_order_of_the_broker_when_messages_become_safe_in_another() {
        Runnable first = expect(1);
        Runnable second = expect(2);
        Runnable third = expect(3);
        leave(1);
        leave(2);
        leave(3);
        third.run();
        second.run();
        assertThat(gate.release()).isFalse();
        first.run();
        assertThat(gate.release()).isTrue();
        assertThat(written).containsExactly(1, 2, 3);
    }

    @Test
    void a_puback_nobody_announced_waits_for_those_before_it() {
        Runnable first = expect(1);
        leave(1);
        leave(9);
        assertThat(written).isEmpty();
        first.run();
        gate.release();
        assertThat(written).containsExactly(1, 9);
    }

    @Test
    void a_packet_id_can_be_used_again_after_its_puback() {
        expect(1).run();
        leave(1);
        Runnable again = expect(1);
        leave(1);
        assertThat(written).containsExactly(1);
        again.run();
        gate.release();
        assertThat(written).containsExactly(1, 1);
    }

    @Test
    void each_message_of_one_packet_id_has_a_puback_of_its_own() {
        Runnable first = expect(1);
        Runnable second = expect(1);
        leave(1);
        first.run();
        assertThat(gate.release()).isTrue();
        assertThat(written).containsExactly(1);
        leave(1);
        assertThat(written).as("the second is not safe").containsExactly(1);
        second.run();
        assertThat(gate.release()).isTrue();
        assertThat(written).containsExactly(1, 1);
    }

    private Runnable expect(int packetId) {
        return gate.expect(packetId, () -> wakes++);
    }

    private void leave(int packetId) {
        gate.leave(packetId, () -> written.add(packetId));
    }
}
