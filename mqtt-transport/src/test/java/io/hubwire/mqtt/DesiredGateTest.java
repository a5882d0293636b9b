package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DesiredGateTest {
    private final DesiredGate gate = new DesiredGate();

    @Test
    void fetches_everything_after_each_connect() {
        assertThat(gate.connected().fetch()).isTrue();
        assertThat(gate.fetched(document(5)).apply()).containsExactly(complete(5));
        gate.disconnected();
        assertThat(gate.connected().fetch()).isTrue();
        assertThat(gate.fetched(document(5)).apply()).isEmpty();
    }

    @Test
    void applies_the_next_version_and_ignores_repeats_and_older_ones() {
        atVersion(5);
        assertThat(gate.patch(patch(6)).apply()).containsExactly(patch(6));
        assertThat(gate.patch(patch(6)).apply()).isEmpty();
        assertThat(gate.patch(patch(4)).apply()).isEmpty();
        assertThat(gate.patch(patch(7)).apply()).containsExactly(patch(7));
    }

    @Test
    void fetches_everything_when_a_version_is_missing() {
        atVersion(5);
        DesiredGate.Outcome gap = gate.patch(patch(8));
        assertThat(gap.fetch()).isTrue();
        assertThat(gap.apply()).isEmpty();
        assertThat(gate.fetched(document(8)).apply()).containsExactly(complete(8));
    }

    @Test
    void patches_that_race_the_answer_are_applied_behind_it_in_order() {
        gate.connected();
        gate.patch(patch(5));
        gate.patch(patch(6));
        gate.patch(patch(7));
        assertThat(gate.fetched(document(5)).apply()).containsExactly(complete(5), patch(6), patch(7));
    }

    @Test
    void a_gap_behind_the_answer_means_to_fetch_again() {
        gate.connected();
        gate.patch(patch(9));
        DesiredGate.Outcome outcome = gate.fetched(document(5));
        assertThat(outcome.apply()).containsExactly(complete(5));
        assertThat(outcome.fetch()).isTrue();
        assertThat(gate.fetched(document(9)).apply()).containsExactly(complete(9));
    }

    @Test
    void a_twin_made_anew_starts_over() {
        atVersion(40);
        gate.disconnected();
        gate.connected();
        assertThat(gate.fetched(document(1)).apply()).containsExactly(complete(1));
        assertThat(gate.patch(patch(2)).apply()).containsExactly(patch(2));
    }

    @Test
    void a_lost_patch_means_to_fetch() {
        atVersion(5);
        assertThat(gate.patchLost().fetch()).isTrue();
        assertThat(gate.patchLost().fetch()).isFalse();
    }

    @Test
    void holds_no_more_than_a_hundred_patches() {
        gate.connected();
        for (int version = 2; version <= 500; version++) {
            gate.patch(patch(version));
        }
        DesiredGate.Outcome outcome = gate.fetched(document(1));
        assertThat(outcome.apply()).hasSize(101);
        List<DesiredUpdate> applied = outcome.apply();
        assertThat(applied.get(applied.size() - 1)).isEqualTo(patch(101));
        assertThat(gate.patch(patch(501)).fetch()).isTrue();
    }

    private void atVersion(long version) {
        gate.connected();
        gate.fetched(document(version));
    }

    private static Twin.Section document(long version) {
        return new Twin.Section(version, "{}");
    }

    private static DesiredUpdate complete(long version) {
        return new DesiredUpdate(version, "{}", true);
    }

    private static DesiredUpdate patch(long version) {
        return new DesiredUpdate(version, "{\"v\":" + version + "}", false);
    }
}
