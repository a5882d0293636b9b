package io.hubwire.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.EventHubConnectionString;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.time.FakeTime;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lost connections. */
@Timeout(60)
class RecoveryTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void a_cut_line_is_mended_and_no_event_is_lost_or_repeated() throws Exception {
        try (HubFixture hub = new HubFixture();
                Cable cable = Cable.to(hub.hub.amqpPort());
                EventStream stream = EventStream.open(
                        hub.viaEndpoint().settings(hub.settings().port(cable.port())))) {
            List<String> texts = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 50; i++) {
                    hub.telemetry("device1", round + "-" + i);
                }
                texts.add(stream.next(SOON).orElseThrow().message().text());
                cable.cut();
            }
            while (texts.size() < 150) {
                texts.add(stream.next(SOON).orElseThrow().message().text());
            }
            assertThat(texts).doesNotHaveDuplicates().startsWith("0-0", "0-1").endsWith("2-49");
        }
    }

    @Test
    void latest_means_what_it_meant_at_the_start_also_when_the_line_is_lost_before_the_first_event() throws Exception {
        try (HubFixture hub = new HubFixture();
                Cable cable = Cable.to(hub.hub.amqpPort())) {
            hub.telemetry("device1", "before");
            EventStreamOptions options = hub.viaEndpoint()
                    .settings(hub.settings().port(cable.port()))
                    .from(StartPosition.latest());
            try (EventStream stream = EventStream.open(options)) {
                cable.unplug();
                List<String> missed =
                        IntStream.range(0, 16).mapToObj(i -> "device" + i).toList(); // in all partitions
                missed.forEach(device -> hub.telemetry(device, device));
                cable.plugIn();
                List<String> read = new ArrayList<>();
                while (read.size() < missed.size()) {
                    read.add(stream.next(SOON).orElseThrow().message().text());
                }
                assertThat(read).containsExactlyInAnyOrderElementsOf(missed);
            }
        }
    }

    @Test
    void frames_that_come_byte_by_byte_are_read_as_they_were_sent() throws Exception {
        try (HubFixture hub = new HubFixture();
                Cable cable = Cable.byteByByte(hub.hub.amqpPlainPort().getAsInt())) {
            hub.telemetry(
                    "device1",
                    Message.builder("in pieces").contentType("text/plain").build());
            EventStreamOptions options = EventStreamOptions.of(EventHubConnectionString.parse(
                            hub.hub.eventHubConnectionString() + ";UseDevelopmentEmulator=true"))
                    .settings(hub.settings().port(cable.port()))
                    .from(StartPosition.earliest());
            try (EventStream stream = EventStream.open(options)) {
                Event event = stream.next(SOON).orElseThrow();
                assertThat(event.message().text()).isEqualTo("in pieces");
                assertThat(event.message().contentType()).contains("text/plain");
                assertThat(event.annotations()).containsEntry("iothub-message-source", "Telemetry");
            }
        }
    }

    @Test
    void messages_are_sent_again_once_the_line_is_mended() throws Exception {
        try (HubFixture hub = new HubFixture();
                Cable cable = Cable.to(hub.hub.amqpPort());
                C2dSender sender = C2dSender.open(hub.service, hub.settings().port(cable.port()))) {
            var device = hub.device("c2d");
            sender.blocking().send(device, Message.of("before"));
            cable.cut();
            await().atMost(SOON)
                    .ignoreExceptionsInstanceOf(HubwireException.class)
                    .until(() -> {
                        sender.blocking().send(device, Message.of("after"));
                        return true;
                    });
        }
    }

    @Test
    void a_peer_that_takes_nothing_any_more_is_left_in_time() throws Exception {
        try (HubFixture hub = new HubFixture();
                Cable cable = Cable.to(hub.hub.amqpPort());
                C2dSender sender = C2dSender.open(
                        hub.service,
                        hub.settings()
                                .port(cable.port())
                                .timeout(Duration.ofMillis(500))
                                .giveUpAfter(SOON))) {
            Identity device = hub.device("c2d");
            cable.freeze();
            Message large = Message.of("x".repeat(60_000));
            List<CompletableFuture<Void>> sent = IntStream.range(0, 200)
                    .mapToObj(i -> sender.send(device, large))
                    .toList();
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                    .handle((ok, failed) -> failed)
                    .get(10, TimeUnit.SECONDS);
            assertThat(sent).allSatisfy(outcome -> assertThatThrownBy(outcome::join)
                    .cause()
                    .isInstanceOfSatisfying(HubwireException.class, e -> assertThat(e.code())
                            .isIn(ErrorCode.TIMED_OUT, ErrorCode.CONNECTION_LOST)));
        }
    }

    @Test
    void a_line_that_is_silent_for_a_minute_is_left() throws Exception {
        FakeTime time = new FakeTime(Instant.now());
        try (HubFixture hub = new HubFixture();
                Cable cable = Cable.to(hub.hub.amqpPort());
                C2dSender sender = C2dSender.open(
                        hub.service,
                        hub.settings().port(cable.port()).timeout(Duration.ofHours(1)),
                        time,
                        new Random(1))) {
            Identity device = hub.device("c2d");
            sender.blocking().send(device, Message.of("before"));
            cable.freeze();
            CompletableFuture<Void> lost = sender.send(device, Message.of("into the void"));
            await().atMost(SOON).until(() -> {
                time.advance(Duration.ofSeconds(31));
                sender.send(device, Message.of("wakes the connection up"));
                return lost.isDone();
            });
            assertThatThrownBy(lost::join)
                    .cause()
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("silent for 60 s");
        }
    }

    @Test
    void gives_up_when_the_outage_lasts_too_long_and_says_why() throws Exception {
        HubFixture hub = new HubFixture();
        try (hub;
                EventStream stream = EventStream.open(
                        hub.viaEndpoint().settings(hub.settings().giveUpAfter(Duration.ofMillis(300))))) {
            hub.close();
            assertThatThrownBy(() -> stream.next(SOON))
                    .isInstanceOfSatisfying(HubwireException.class, e -> assertThat(e.code())
                            .isIn(ErrorCode.CONNECTION_LOST, ErrorCode.UNREACHABLE));
        }
    }

    @Test
    void a_server_that_accepts_and_says_nothing_is_left_in_time() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("localhost"));
                HubFixture hub = new HubFixture()) {
            AmqpSettings settings = hub.settings().port(silent.getLocalPort()).timeout(Duration.ofMillis(500));
            long began = System.nanoTime();
            assertThatThrownBy(() -> EventStream.open(hub.viaEndpoint().settings(settings)))
                    .isInstanceOfSatisfying(
                            HubwireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
        }
    }
}
