package io.hubwire.localhub.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubExtensionTest {
    /** The broker cuts at one and a half times the keep-alive; the load balancer of a real hub after 29 min 27 s. */
    @ParameterizedTest
    @CsvSource({"1, 1", "240, 240", "1177, 1177", "1178, 1178", "1179, 1178", "65535, 1178", "0, 1178"})
    void caps_the_keep_alive_so_that_silence_lasts_1767_seconds_at_most(int asked, int counts) {
        assertThat(HubExtension.keepAlive(asked)).isEqualTo(counts);
        assertThat(HubExtension.keepAlive(asked) * 1.5).isLessThanOrEqualTo(1767);
    }
}
