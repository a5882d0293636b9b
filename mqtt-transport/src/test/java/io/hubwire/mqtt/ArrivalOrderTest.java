package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.mqtt.link.Inbound;
import org.junit.jupiter.api.Test;

class ArrivalOrderTest {
    private final ArrivalOrder order = new ArrivalOrder();
    private final Inbound first = arrived(1);
    private final Inbound second = arrived(2);
    private final Inbound third = arrived(3);

    @Test
    void one_that_is_done_early_waits_for_those_before_it() {
        assertThat(order.done(second)).isEmpty();
        assertThat(order.done(first)).containsExactly(first, second);
        assertThat(order.done(third)).containsExactly(third);
    }

    @Test
    void one_that_is_left_to_the_hub_holds_nothing_up() {
        assertThat(order.done(second)).isEmpty();
        assertThat(order.done(third)).isEmpty();
        assertThat(order.left(first)).containsExactly(second, third);
    }

    @Test
    void one_at_qos_0_neither_waits_nor_is_waited_for() {
        Inbound free = new Inbound("t", new byte[0], 0, 0, false);
        order.arrived(free);
        assertThat(order.done(free)).containsExactly(free);
        assertThat(order.done(first)).containsExactly(first);
    }

    @Test
    void a_lost_link_holds_up_nothing_on_the_next_one() {
        order.linkLost();
        Inbound next = arrived(1);
        assertThat(order.done(next)).containsExactly(next);
        assertThat(order.done(first)).as("its link takes no PUBACK any more").containsExactly(first);
    }

    private Inbound arrived(int packetId) {
        Inbound message = new Inbound("t", new byte[0], 1, packetId, false);
        order.arrived(message);
        return message;
    }
}
