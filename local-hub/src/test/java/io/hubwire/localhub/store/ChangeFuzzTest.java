package io.hubwire.localhub.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hubwire.localhub.store.log.Record;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class ChangeFuzzTest {
    @MethodSource("records")
    @FuzzTest(maxDuration = "1m")
    void any_record_of_the_journal_is_changes_or_refused(byte[] payload) {
        List<Change> changes;
        try {
            changes = Change.parse(new Record(3, 0, 0, payload));
        } catch (StoreException refused) {
            assertThat(refused).hasMessageContaining("record 3");
            return;
        }
        assertThat(Change.parse(new Record(3, 0, 0, Change.format(changes)))).isEqualTo(changes);
    }

    static Stream<byte[]> records() {
        byte[] whole = Change.format(
                List.of(new Change.Put("twin", "dev1", 7, "{\"a\":\"\u00fc\"}"), new Change.Remove("twin", "dev2")));
        return Stream.of(whole, Arrays.copyOf(whole, whole.length - 1), Arrays.copyOf(whole, 12), new byte[4]);
    }
}
