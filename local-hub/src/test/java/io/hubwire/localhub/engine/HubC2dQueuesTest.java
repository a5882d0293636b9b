package io.hubwire.localhub.engine;

import static io.hubwire.localhub.engine.HubRegistryTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.C2dQueues.Delivery;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class HubC2dQueuesTest {
    private final TestHub hub = new TestHub();
    private final C2dQueues queues = hub.engine.c2d();
    private Identity device;

    @BeforeEach
    void register() {
        device = hub.device("dev1");
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void writes_the_destination_over_whatever_the_sender_says() {
        Identity module = hub.module("dev1", "m1");
        queues.enqueue(
                device,
                Message.builder("x").system(SystemProperty.TO, "/devices/other").build());
        queues.enqueue(module, Message.of("y"));
        assertThat(next(device).message().get(SystemProperty.TO)).contains("/devices/dev1/messages/deviceBound");
        assertThat(next(module).message().get(SystemProperty.TO))
                .contains("/devices/dev1/modules/m1/messages/deviceBound");
    }

    @Test
    void refuses_with_the_number_of_the_case() {
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> queues.enqueue(Identity.device("none"), Message.of("x")));
        assertRefused(
                HubError.MODULE_NOT_FOUND, () -> queues.enqueue(Identity.module("dev1", "none"), Message.of("x")));
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> queues.purge(Identity.device("none")));
        assertRefused(
                HubError.MESSAGE_TOO_LARGE,
                () -> queues.enqueue(device, Message.builder(new byte[65_537]).build()));
        assertRefused(
                HubError.INVALID_MESSAGE_EXPIRY_TIME, () -> queues.enqueue(device, expiring("2025-12-31T23:59:59Z")));
        assertRefused(HubError.ARGUMENT_INVALID, () -> queues.enqueue(device, expiring("tomorrow")));
        assertRefused(
                HubError.ARGUMENT_INVALID,
                () -> queues.enqueue(
                        device,
                        Message.builder("x").system(SystemProperty.ACK, "maybe").build()));
        assertRefused(
                HubError.ARGUMENT_INVALID,
                () -> queues.enqueue(device, Message.builder("x").messageId("ä").build()));
        for (int i = 0; i < 50; i++) {
            queues.enqueue(device, Message.of("m" + i));
        }
        assertRefused(
                HubError.DEVICE_MAXIMUM_QUEUE_DEPTH_EXCEEDED, () -> queues.enqueue(device, Message.of("one more")));
        assertRefused(HubError.DEVICE_MESSAGE_LOCK_LOST, () -> queues.complete(device, "no such lock"));
        assertRefused(
                HubError.DEVICE_MESSAGE_LOCK_LOST, () -> queues.abandon(Identity.device("other"), "no such lock"));
        assertThat(queues.purge(device)).isEqualTo(50);
        queues.enqueue(
                device,
                Message.builder(new byte[65_536 - "/devices/dev1/messages/deviceBound".length()])
                        .build());
    }

    @ParameterizedTest
    @CsvSource({
        "none,     complete, -",
        "positive, complete, Success",
        "negative, complete, -",
        "full,     complete, Success",
        "FULL,     complete, Success",
        "none,     reject,   -",
        "positive, reject,   -",
        "negative, reject,   Rejected",
        "full,     reject,   Rejected",
        "negative, abandon,  DeliveryCountExceeded",
        "positive, abandon,  -",
        "full,     expire,   Expired",
        "negative, expire,   Expired",
        "positive, expire,   -",
        "negative, purge,    Purged",
        "positive, purge,    -",
    })
    void reports_the_ends_the_sender_asked_for(String ack, String how, String feedback) {
        String generation =
                hub.engine.registry().get(device).path("generationId").asText();
        queues.enqueue(
                device,
                Message.builder("x")
                        .messageId("m1")
                        .system(SystemProperty.ACK, ack)
                        .build());
        switch (how) {
            case "complete" -> queues.complete(device, next(device).lockToken());
            case "reject" -> queues.reject(device, next(device).lockToken());
            case "abandon" ->
                IntStream.range(0, 10)
                        .forEach(i -> queues.abandon(device, next(device).lockToken()));
            case "expire" -> hub.time.advance(Duration.ofHours(1));
            default -> assertThat(queues.purge(device)).isEqualTo(1);
        }
        assertThat(queues.pending(device)).isZero();
        Optional<ObjectNode> record =
                hub.engine.feedback().next(64).map(batch -> batch.records().get(0));
        if (feedback.equals("-")) {
            assertThat(record).isEmpty();
            return;
        }
        assertThat(record).hasValueSatisfying(r -> {
            assertThat(r.path("originalMessageId").asText()).isEqualTo("m1");
            assertThat(r.path("statusCode").asText()).isEqualTo(feedback);
            assertThat(r.path("deviceId").asText()).isEqualTo("dev1");
            assertThat(r.path("deviceGenerationId").asText()).isEqualTo(generation);
            assertThat(r.path("enqueuedTimeUtc").asText()).endsWith("0000000Z");
            assertThat(r.path("description").asText()).isNotEmpty();
        });
    }

    @Test
    void reports_an_expiry_when_it_happens_and_not_when_somebody_looks() {
        queues.enqueue(
                device,
                expiring("2026-01-01T00:00:05.5Z").toBuilder()
                        .system(SystemProperty.ACK, "full")
                        .build());
        hub.time.advance(Duration.ofMillis(5_499));
        assertThat(hub.engine.feedback().next(64)).isEmpty();
        hub.time.advance(Duration.ofMillis(1));
        assertThat(hub.engine
                        .feedback()
                        .next(64)
                        .orElseThrow()
                        .records()
                        .get(0)
                        .path("enqueuedTimeUtc")
                        .asText())
                .isEqualTo("2026-01-01T00:00:05.5000000Z");
    }

    @Test
    void tells_the_session_when_there_is_something() {
        FakeSession session = hub.connect(device);
        queues.enqueue(device, Message.of("x"));
        assertThat(session.c2dCalls).isEqualTo(1);
        Delivery delivery = queues.next(device, session, Instant.MIN).orElseThrow();
        assertThat(delivery.lockedUntil()).isEqualTo(TestHub.START.plusSeconds(60));
        hub.time.advance(Duration.ofSeconds(59));
        assertThat(session.c2dCalls).isEqualTo(1);
        hub.time.advance(Duration.ofSeconds(1));
        assertThat(session.c2dCalls).as("the lock ran out").isEqualTo(2);
        Delivery again = queues.next(device, session, Instant.MIN).orElseThrow();
        assertThat(again.redelivered()).isTrue();
        assertRefused(HubError.DEVICE_MESSAGE_LOCK_LOST, () -> queues.complete(device, delivery.lockToken()));
        queues.abandon(device, again.lockToken());
        assertThat(session.c2dCalls).as("abandoned").isEqualTo(3);
    }

    @Test
    void gives_a_session_s_messages_back_when_it_ends_or_is_taken_over() {
        FakeSession first = hub.connect(device);
        queues.enqueue(device, Message.of("x"));
        assertThat(queues.next(device, first, Instant.MIN)).isPresent();
        FakeSession second = hub.connect(device);
        assertThat(first.closed).containsExactly(DeviceSession.CloseReason.TAKEN_OVER);
        assertThat(second.c2dCalls).isEqualTo(1);
        Delivery delivery = queues.next(device, second, Instant.MIN).orElseThrow();
        assertThat(delivery.redelivered()).isTrue();
        assertThat(delivery.deliveryCount()).isZero();
        hub.engine.sessions().closed(first);
        assertThat(queues.next(device, "http", Instant.MIN))
                .as("the second still holds it")
                .isEmpty();
        hub.engine.sessions().closed(second);
        assertThat(queues.next(device, "http", Instant.MIN)).isPresent();
    }

    @Test
    void waits_for_an_expiry_however_far_it_is() {
        queues.enqueue(device, expiring("9999-12-31T23:59:59.9999999Z"));
        hub.time.advance(Duration.ofDays(30));
        assertThat(queues.pending(device)).isEqualTo(1);
        assertThat(hub.time.pendingTasks()).isEqualTo(1);
    }

    @Test
    void keeps_one_timer_task_a_queue_and_none_when_there_is_nothing_to_wait_for() {
        for (int i = 0; i < 5; i++) {
            queues.enqueue(device, Message.of("m" + i));
        }
        assertThat(hub.time.pendingTasks()).isEqualTo(1);
        Delivery delivery = next(device);
        assertThat(hub.time.pendingTasks()).isEqualTo(1);
        queues.complete(device, delivery.lockToken());
        queues.purge(device);
        assertThat(hub.time.pendingTasks()).isZero();
        queues.enqueue(device, Message.of("x"));
        hub.engine.close();
        assertThat(hub.time.pendingTasks()).isZero();
    }

    @Test
    void hands_each_message_to_one_of_two_readers() throws Exception {
        int rounds = 20;
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            Future<?> sender = threads.submit(() -> {
                for (int sent = 0; sent < rounds * 50; ) {
                    try {
                        queues.enqueue(device, Message.of("m"));
                        sent++;
                    } catch (HubException full) {
                        assertThat(full.error()).isEqualTo(HubError.DEVICE_MAXIMUM_QUEUE_DEPTH_EXCEEDED);
                        Thread.onSpinWait();
                    }
                }
            });
            List<Future<?>> readers = List.of(
                    threads.submit(() -> drain(seen, rounds * 50)), threads.submit(() -> drain(seen, rounds * 50)));
            sender.get(30, TimeUnit.SECONDS);
            for (Future<?> reader : readers) {
                reader.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(seen).hasSize(rounds * 50);
        assertThat(queues.pending(device)).isZero();
    }

    private void drain(Set<Long> seen, int all) {
        while (seen.size() < all && !Thread.currentThread().isInterrupted()) {
            queues.next(device, Thread.currentThread(), Instant.MIN).ifPresent(delivery -> {
                assertThat(seen.add(delivery.sequenceNumber())).isTrue();
                queues.complete(device, delivery.lockToken());
            });
        }
    }

    @Test
    void names_what_is_wrong_with_an_expiry() {
        assertThatThrownBy(() -> queues.enqueue(device, expiring("2020-01-01T00:00:00Z")))
                .hasMessage("expiry [2020-01-01T00:00:00Z] is not after now [2026-01-01T00:00:00Z]");
    }

    private Delivery next(Identity identity) {
        return queues.next(identity, this, Instant.MIN).orElseThrow();
    }

    private static Message expiring(String when) {
        return Message.builder("x").system(SystemProperty.EXPIRY, when).build();
    }
}
