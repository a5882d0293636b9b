package io.hubwire.mqtt.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientThreadsTest {
    @Test
    void are_daemons_with_a_name_and_virtual_where_waiting_on_a_monitor_costs_no_carrier() throws Exception {
        Thread thread = ClientThreads.named("hubwire dev1").newThread(() -> {});
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("hubwire dev1");
        boolean virtual = Runtime.version().feature() >= 21
                && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        assertThat(virtual).isEqualTo(Runtime.version().feature() >= 24);
    }
}
