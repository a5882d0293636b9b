package io.hubwire.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.EventHubConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.events.amqp.AmqpException;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.trace.WireTrace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reading events from a real local hub, over TLS. */
@Timeout(60)
class EventStreamTest {
    private static final HubFixture HUB = new HubFixture();
    private static final Duration SOON = Duration.ofSeconds(10);
    private static int lastDevice;

    /** Unlike any other test's. */
    private String device;

    @BeforeEach
    void newDevice() {
        device = "reader-" + ++lastDevice;
    }

    @AfterAll
    static void stop() {
        HUB.close();
    }

    /** The next events of this test's device. */
    private List<Event> take(EventStream stream, int count) {
        List<Event> mine = new ArrayList<>();
        long until = System.nanoTime() + SOON.toNanos();
        while (mine.size() < count && System.nanoTime() < until) {
            stream.next(Duration.ofMillis(200))
                    .filter(e -> e.source().equals(Optional.of(Identity.device(device))))
                    .ifPresent(mine::add);
        }
        return mine;
    }

    private static List<String> texts(List<Event> events) {
        return events.stream().map(e -> e.message().text()).toList();
    }

    @Test
    void follows_the_hubs_redirect_and_reads_all_partitions() {
        HUB.telemetry(
                device,
                Message.builder("{\"windSpeed\":9.5}")
                        .messageId("m-1")
                        .correlationId("c-1")
                        .userId("u-1")
                        .contentType("application/json")
                        .contentEncoding("utf-8")
                        .property("alert", "true")
                        .property("empty", "")
                        .build());
        try (EventStream stream = EventStream.open(HUB.viaHub())) {
            assertThat(stream.partitions()).containsExactlyInAnyOrder("0", "1", "2", "3");
            Event event = take(stream, 1).get(0);

            assertThat(event.message().text()).isEqualTo("{\"windSpeed\":9.5}");
            assertThat(event.message().properties()).isEqualTo(Map.of("alert", "true", "empty", ""));
            assertThat(event.message().system())
                    .containsEntry(SystemProperty.MESSAGE_ID, "m-1")
                    .containsEntry(SystemProperty.CORRELATION_ID, "c-1")
                    .containsEntry(SystemProperty.USER_ID, "u-1")
                    .containsEntry(SystemProperty.CONTENT_TYPE, "application/json")
                    .containsEntry(SystemProperty.CONTENT_ENCODING, "utf-8")
                    .containsEntry(SystemProperty.CONNECTION_DEVICE_ID, device);
            assertThat(event.annotations()).containsEntry("iothub-message-source", "Telemetry");
            assertThat(event.offset()).isNotEmpty();
        }
    }

    @Test
    void reads_by_the_event_endpoints_own_connection_string_and_goes_on_as_events_come() {
        try (EventStream stream = EventStream.open(HUB.viaEndpoint())) {
            for (int i = 0; i < 1000; i++) {
                HUB.telemetry(device, "e" + i);
            }
            List<Event> events = take(stream, 1000);
            assertThat(texts(events)).hasSize(1000).startsWith("e0", "e1").endsWith("e999");
            assertThat(events).extracting(Event::sequenceNumber).isSorted();
        }
    }

    @Test
    void starts_without_sasl_too() {
        HUB.telemetry(device, "bare");
        try (EventStream stream =
                EventStream.open(HUB.viaHub().settings(HUB.settings().sasl(false)))) {
            assertThat(texts(take(stream, 1))).containsExactly("bare");
        }
    }

    @Test
    void reads_without_tls_from_an_emulators_port() {
        HUB.telemetry(device, "plain");
        String text = HUB.hub
                        .eventHubConnectionString()
                        .replace("/;", ":" + HUB.hub.amqpPlainPort().getAsInt() + "/;")
                + ";UseDevelopmentEmulator=true";
        try (EventStream stream =
                EventStream.open(EventStreamOptions.parse(text).from(StartPosition.earliest()))) {
            assertThat(texts(take(stream, 1))).containsExactly("plain");
        }
    }

    @Test
    void starts_where_it_is_told() {
        HUB.telemetry(device, "a");
        HUB.telemetry(device, "b");
        HUB.telemetry(device, "c");
        Event first;
        try (EventStream stream = EventStream.open(HUB.viaEndpoint())) {
            first = take(stream, 1).get(0);
        }
        EventStreamOptions one = HUB.viaEndpoint().partitions(Set.of(first.partition()));
        assertThat(firstText(one.from(first.next()))).isEqualTo("b");
        assertThat(firstText(one.from(StartPosition.afterOffset(first.offset()))))
                .isEqualTo("b");
        assertThat(firstText(one.from(new StartPosition.AtSequenceNumber(first.sequenceNumber(), true))))
                .isEqualTo("a");
        assertThat(firstText(one.from(StartPosition.after(first.enqueuedTime().minusMillis(1)))))
                .isEqualTo("a");
        try (EventStream stream = EventStream.open(one.from(StartPosition.latest()))) {
            HUB.telemetry(device, "d");
            assertThat(texts(take(stream, 1))).containsExactly("d");
        }
    }

    private String firstText(EventStreamOptions options) {
        try (EventStream stream = EventStream.open(options)) {
            return take(stream, 1).get(0).message().text();
        }
    }

    @Test
    void holds_no_more_than_the_prefetch_when_nobody_takes() {
        for (int i = 0; i < 200; i++) {
            HUB.telemetry(device, "e" + i);
        }
        ConcurrentLinkedQueue<WireTrace.Event> frames = new ConcurrentLinkedQueue<>();
        EventStreamOptions options =
                HUB.viaEndpoint().prefetch(10).settings(HUB.settings().trace(frames::add));
        try (EventStream stream = EventStream.open(options)) {
            await().atMost(SOON).until(() -> eventsIn(frames) >= 10);
            assertThat(eventsIn(frames)).isLessThanOrEqualTo(4 * 10);
            assertThat(texts(take(stream, 200))).hasSize(200).endsWith("e199");
        }
    }

    private static long eventsIn(ConcurrentLinkedQueue<WireTrace.Event> frames) {
        // two requests are answered before: the token's and the partitions'
        return frames.stream()
                        .filter(f -> f.kind().equals("TRANSFER") && f.direction() == WireTrace.Direction.IN)
                        .count()
                - 2;
    }

    @Test
    void traces_frames_and_never_the_token() {
        ConcurrentLinkedQueue<WireTrace.Event> frames = new ConcurrentLinkedQueue<>();
        try (EventStream stream =
                EventStream.open(HUB.viaHub().settings(HUB.settings().trace(frames::add)))) {
            assertThat(stream.partitions()).isNotEmpty();
        }
        assertThat(frames).extracting(WireTrace.Event::kind).contains("SASL-INIT", "OPEN", "ATTACH", "DETACH", "CLOSE");
        assertThat(frames).allSatisfy(f -> assertThat(f.summary()).doesNotContain("SharedAccessSignature sr"));
    }

    @Test
    void a_reader_with_a_higher_owner_level_takes_over() {
        EventStreamOptions one = HUB.viaEndpoint().consumerGroup("cg1").partitions(Set.of("0"));
        try (EventStream low = EventStream.open(one.ownerLevel(1));
                EventStream high = EventStream.open(one.ownerLevel(2))) {
            assertThatThrownBy(() -> low.next(SOON))
                    .isInstanceOfSatisfying(
                            AmqpException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TAKEN_OVER));
            assertThat(low.lostPartitions()).containsExactly("0");
            assertThat(high.lostPartitions()).isEmpty();
            assertThatThrownBy(() -> EventStream.open(one.ownerLevel(1)))
                    .isInstanceOfSatisfying(
                            AmqpException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TAKEN_OVER));
        }
    }

    @Test
    void goes_on_from_its_checkpoint(@TempDir Path folder) {
        CheckpointStore store = new FileCheckpointStore(folder.resolve("checkpoints"));
        for (int i = 0; i < 10; i++) {
            HUB.telemetry(device, "e" + i);
        }
        EventStreamOptions options = HUB.viaEndpoint().checkpoints(store);
        try (EventStream stream = EventStream.open(options)) {
            stream.checkpoint(take(stream, 4).get(3));
        }
        try (EventStream stream = EventStream.open(options)) {
            assertThat(texts(take(stream, 6))).containsExactly("e4", "e5", "e6", "e7", "e8", "e9");
        }
    }

    @Test
    void is_a_publisher_that_honours_demand() throws Exception {
        for (int i = 0; i < 20; i++) {
            HUB.telemetry(device, "e" + i);
        }
        ConcurrentLinkedQueue<Event> seen = new ConcurrentLinkedQueue<>();
        CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        try (EventStream stream = EventStream.open(HUB.viaEndpoint())) {
            stream.publisher().subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscribed.complete(subscription);
                }

                @Override
                public void onNext(Event event) {
                    seen.add(event);
                }

                @Override
                public void onError(Throwable failed) {
                    throw new AssertionError(failed);
                }

                @Override
                public void onComplete() {
                    seen.clear();
                }
            });
            Flow.Subscription subscription = subscribed.get(10, TimeUnit.SECONDS);
            subscription.request(3);
            await().atMost(SOON).until(() -> seen.size() == 3);
            await().pollDelay(Duration.ofMillis(200)).until(() -> seen.size() == 3);
            subscription.request(Long.MAX_VALUE);
            await().atMost(SOON)
                    .until(() -> seen.stream()
                                    .filter(e -> e.source().equals(Optional.of(Identity.device(device))))
                                    .count()
                            == 20);
            subscription.cancel();
        }
    }

    @Test
    void listens_and_iterates() {
        HUB.telemetry(device, "heard");
        CompletableFuture<Event> heard = new CompletableFuture<>();
        CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
        EventStream stream = EventStream.open(HUB.viaEndpoint());
        stream.listen(
                event -> {
                    if (event.source().equals(Optional.of(Identity.device(device)))) {
                        heard.complete(event);
                    }
                },
                ended::complete);
        assertThat(heard).succeedsWithin(SOON);
        stream.close();
        assertThat(ended).succeedsWithin(SOON).isEqualTo(Optional.empty());
        assertThat(stream.iterator().hasNext()).isFalse();
        assertThatThrownBy(() -> stream.next(SOON))
                .isInstanceOfSatisfying(
                        HubwireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    }

    @Test
    void closes_within_a_second_and_leaves_no_thread() {
        EventStream stream = EventStream.open(HUB.viaHub());
        long began = System.nanoTime();
        stream.close();
        stream.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
        await().atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("hubwire-events")));
    }

    // ---- what goes wrong

    @Test
    void a_wrong_key_is_refused() {
        ConnectionString wrong = ConnectionString.ofPolicy("localhost", "service", SymmetricKey.ofBytes(new byte[32]));
        assertFails(EventStreamOptions.of(wrong).settings(HUB.settings()), ErrorCode.UNAUTHORIZED);
    }

    @Test
    void a_policy_without_the_right_is_refused() {
        ConnectionString registry = ConnectionString.parseService(HUB.hub.connectionString("registryRead"));
        assertFails(EventStreamOptions.of(registry).settings(HUB.settings()), ErrorCode.UNAUTHORIZED);
    }

    @Test
    void unknown_groups_partitions_and_entities_are_named() {
        assertFails(HUB.viaEndpoint().consumerGroup("nobody"), ErrorCode.NOT_FOUND);
        assertFails(HUB.viaEndpoint().partitions(Set.of("77")), ErrorCode.INVALID_ARGUMENT);
        EventHubConnectionString other = EventHubConnectionString.parse(
                HUB.hub.eventHubConnectionString().replace("EntityPath=hubwire-events", "EntityPath=other"));
        assertFails(EventStreamOptions.of(other).settings(HUB.settings()), ErrorCode.NOT_FOUND);
    }

    @Test
    void a_server_nobody_vouches_for_is_not_trusted() {
        assertFails(HUB.viaHub().settings(HUB.settings().trust(TlsTrust.platform())), ErrorCode.TLS_FAILED);
    }

    @Test
    void a_server_with_another_name_is_not_trusted() {
        ConnectionString elsewhere = ConnectionString.ofPolicy(
                "hub.example", "service", HUB.service.key().orElseThrow());
        assertFails(
                EventStreamOptions.of(elsewhere).settings(HUB.settings().connectHost("localhost")),
                ErrorCode.TLS_FAILED);
    }

    @Test
    void a_port_nobody_listens_on_and_a_name_nobody_has_are_unreachable() {
        assertFails(HUB.viaHub().settings(HUB.settings().port(1)), ErrorCode.UNREACHABLE);
    }

    private static void assertFails(EventStreamOptions options, ErrorCode expected) {
        assertThatThrownBy(() -> EventStream.open(options).close())
                .isInstanceOfSatisfying(HubwireException.class, e -> {
                    assertThat(e.code()).as(e.getMessage()).isEqualTo(expected);
                    assertThat(e.getMessage()).doesNotContain("sig=");
                });
    }
}
