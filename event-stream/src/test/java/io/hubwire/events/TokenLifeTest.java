package io.hubwire.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SasToken;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.time.FakeTime;
import io.hubwire.protocol.trace.WireTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens that end while a connection lives, client and hub in the same time. */
@Timeout(60)
class TokenLifeTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    /** Less than the idle time-out, so that a jump by itself breaks nothing. */
    private static final Duration STEP = Duration.ofSeconds(45);

    private final FakeTime time = new FakeTime(Instant.parse("2026-03-01T12:00:00Z"));
    private final List<WireTrace.Event> trace = new CopyOnWriteArrayList<>();

    private AmqpSettings settings(HubFixture hub) {
        return hub.settings().timeout(Duration.ofMillis(500)).trace(trace::add);
    }

    private long sent(String frame) {
        return trace.stream()
                .filter(e ->
                        e.direction() == WireTrace.Direction.OUT && e.kind().equals(frame))
                .count();
    }

    /** Lets time pass while events come. */
    private void pass(Duration atLeast, HubFixture hub, EventStream stream) {
        for (Duration passed = Duration.ZERO; passed.compareTo(atLeast) < 0; passed = passed.plus(STEP)) {
            time.advance(STEP);
            hub.telemetry("device1", "tick");
            assertThat(stream.next(SOON)).isPresent();
        }
    }

    @Test
    void a_token_is_renewed_while_events_come_and_the_line_stays() {
        try (HubFixture hub = new HubFixture(time);
                EventStream stream = EventStream.open(hub.viaEndpoint().settings(settings(hub)), time, new Random(1))) {
            long transfers = sent("TRANSFER");
            pass(Duration.ofMinutes(55), hub, stream); // 85 % of an hour, less some jitter, are over
            await().atMost(SOON).until(() -> sent("TRANSFER") > transfers);
            pass(Duration.ofMinutes(30), hub, stream); // the first token would have cut the link by now
            assertThat(sent("OPEN")).isEqualTo(1);
        }
    }

    @Test
    void a_token_that_cannot_be_renewed_ends_the_stream_with_the_reason() {
        try (HubFixture hub = new HubFixture(time)) {
            ConnectionString policy = ConnectionString.parseService(hub.hub.connectionString("service"));
            SasToken token = SasToken.sign(
                    "localhost", policy.key().orElseThrow(), time.instant().plus(Duration.ofMinutes(20)), "service");
            EventStreamOptions options = EventStreamOptions.parse(
                            "HostName=localhost;SharedAccessKeyName=service;SharedAccessSignature=" + token.text())
                    .settings(settings(hub))
                    .from(StartPosition.earliest());
            try (EventStream stream = EventStream.open(options, time, new Random(1))) {
                pass(Duration.ofMinutes(25), hub, stream); // the hub is patient for ten minutes more
                time.advance(Duration.ofMinutes(6));
                assertThatThrownBy(() -> {
                            while (stream.next(SOON).isPresent()) {
                                assertThat(stream.lostPartitions()).isEmpty();
                            }
                        })
                        .isInstanceOfSatisfying(HubwireException.class, e -> assertThat(e.code())
                                .isEqualTo(ErrorCode.UNAUTHORIZED))
                        .hasMessageNotContaining(token.text());
            }
        }
    }

    @Test
    void a_sender_whose_link_the_hub_cut_for_its_token_says_so() {
        FakeTime hubTime = new FakeTime(Instant.now());
        try (HubFixture hub = new HubFixture(hubTime);
                C2dSender sender = C2dSender.open(hub.service, settings(hub))) {
            Identity device = hub.device("c2d");
            sender.blocking().send(device, Message.of("before"));
            hubTime.advance(Duration.ofMinutes(71)); // by the sender's own clock the token is good
            await().atMost(SOON).untilAsserted(() -> assertThatThrownBy(
                            () -> sender.blocking().send(device, Message.of("after")))
                    .isInstanceOfSatisfying(
                            HubwireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED)));
        }
    }
}
