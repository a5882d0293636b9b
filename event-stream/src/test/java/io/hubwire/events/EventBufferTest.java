package io.hubwire.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.events.amqp.AmqpException;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.TransportException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class EventBufferTest {
    private final EventBuffer<String> buffer = new EventBuffer<>();

    @Test
    void hands_out_what_had_arrived_and_then_the_reason_to_whoever_asks() throws Exception {
        buffer.add("first", () -> {});
        buffer.end(new TransportException(ErrorCode.CONNECTION_LOST, "gone"));
        buffer.add("too late", () -> {});
        assertThat(buffer.next(Duration.ZERO)).contains("first");
        assertEnds(TransportException.class, ErrorCode.CONNECTION_LOST);
        assertEnds(TransportException.class, ErrorCode.CONNECTION_LOST);
    }

    @Test
    void has_nothing_at_once_when_the_time_is_zero_or_less() throws Exception {
        assertThat(buffer.next(Duration.ZERO)).isEmpty();
        assertThat(buffer.next(Duration.ofSeconds(-1))).isEmpty();
    }

    @Test
    void a_reason_keeps_its_kind_so_that_it_shows_who_broke_the_rule() {
        buffer.end(new RemoteProtocolException("a frame of [3] bytes"));
        assertEnds(RemoteProtocolException.class, ErrorCode.MALFORMED_REPLY);
    }

    @Test
    void a_refusal_keeps_its_condition() {
        buffer.end(new AmqpException(ErrorCode.TAKEN_OVER, "amqp:link:stolen", "taken", Map.of(), null));
        assertEnds(AmqpException.class, ErrorCode.TAKEN_OVER);
    }

    private void assertEnds(Class<? extends HubwireException> kind, ErrorCode code) {
        assertThatThrownBy(() -> buffer.next(Duration.ZERO))
                .isExactlyInstanceOf(kind)
                .hasCauseInstanceOf(kind)
                .isInstanceOfSatisfying(
                        HubwireException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
