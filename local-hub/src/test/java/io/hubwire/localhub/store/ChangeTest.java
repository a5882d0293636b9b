package io.hubwire.localhub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.store.log.Record;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeTest {
    @Test
    void a_transaction_that_is_cut_anywhere_is_refused_whole() {
        List<Change> changes =
                List.of(new Change.Remove("twin", "dev2"), new Change.Put("twin", "dev1", 7, "{\"a\":1}"));
        byte[] payload = Change.format(changes);
        assertThat(Change.parse(new Record(3, 0, 0, payload))).isEqualTo(changes);
        for (int length = 0; length < payload.length; length++) {
            Record cut = new Record(3, 0, 0, Arrays.copyOf(payload, length));
            assertThatThrownBy(() -> Change.parse(cut))
                    .as("after %d bytes", length)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("record 3");
        }
    }
}
