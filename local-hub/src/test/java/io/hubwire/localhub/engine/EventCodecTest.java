package io.hubwire.localhub.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventCodecTest {
    private static final byte[] RECORD = EventCodec.encode(new Incoming(
            Identity.module("dev1", "m1"),
            Message.builder("body".getBytes(UTF_8))
                    .system(SystemProperty.MESSAGE_ID, "1")
                    .property("none", null)
                    .build(),
            Map.of("iothub-enqueuedtime", Instant.ofEpochSecond(7, 8))));

    @Test
    void a_record_that_is_cut_anywhere_is_refused() {
        assertThat(EventCodec.decode(RECORD).message().text()).isEqualTo("body");
        for (int length = 0; length < RECORD.length; length++) {
            byte[] cut = Arrays.copyOf(RECORD, length);
            assertThatThrownBy(() -> EventCodec.decode(cut))
                    .as("after %d bytes", length)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("an event ends too early");
        }
    }

    /** Found by {@link RecordFuzzTest}. */
    @ParameterizedTest
    @CsvSource({
        "01 00000001 64 00000000, module id is empty",
        "01 00000001 20 ffffffff, device id [ ]",
        "01 00000001 64 ffffffff 00000001 00000001 61 01 7fffffffffffffff 00000000, that nobody can have sent",
        "02, version 2"
    })
    void a_record_of_what_nobody_can_have_sent_is_refused(String hex, String complaint) {
        byte[] record = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThatThrownBy(() -> EventCodec.decode(record))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint);
    }
}
