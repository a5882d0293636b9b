package io.hubwire.localhub.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadGateTest {
    private final ReadGate gate = new ReadGate();

    @Test
    void shuts_when_the_window_is_full_and_opens_with_the_next_puback() {
        gate.arrived();
        assertThat(gate.change(2)).isEmpty();
        gate.arrived();
        assertThat(gate.change(2)).contains(false);
        gate.arrived(); // was read already
        gate.acknowledged();
        assertThat(gate.change(2)).isEmpty();
        gate.acknowledged();
        assertThat(gate.change(2)).contains(true);
    }

    @Test
    void opens_only_when_the_client_reads_as_well() {
        gate.writable(false);
        assertThat(gate.change(1)).contains(false);
        gate.arrived();
        gate.writable(true);
        assertThat(gate.change(1)).isEmpty();
        gate.acknowledged();
        assertThat(gate.change(1)).contains(true);
        assertThat(gate.change(1)).as("tells once").isEmpty();
    }
}
