package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.SymmetricKey;
import io.hubwire.mqtt.link.Publication;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.time.FakeTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to messages that cannot go out at once. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SendQueueTest {
    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");
    private static final Identity DEVICE = Identity.device("dev1");

    private final FakeTime time = new FakeTime(NOON);
    private final FakeLinks links = new FakeLinks();
    private HubClient client;

    @AfterEach
    void close() {
        client.close();
    }

    private void connect(ClientOptions.Builder options) {
        open(options);
        client.connect().join();
    }

    private void open(ClientOptions.Builder options) {
        ClientEnvironment environment = new ClientEnvironment(
                time, () -> Duration.between(NOON, time.instant()).toNanos(), time, () -> 0);
        client = new HubClient(
                DEVICE, "user", credentials(), options.environment(environment).build(), links, time::instant);
    }

    private static Credentials credentials() {
        return Credentials.of(
                ClientCredentials.keys(HubAddress.of("hub.example"), DEVICE, SymmetricKey.ofBytes(new byte[32])));
    }

    private static ClientOptions.Builder small(OverflowPolicy policy) {
        return ClientOptions.builder().window(2).queueCapacity(3).overflow(policy);
    }

    @Test
    void no_more_than_the_window_is_under_way_and_the_rest_follows_in_order() {
        links.acknowledging = false;
        connect(ClientOptions.builder().window(2));
        List<CompletableFuture<SendResult>> sent = send(5);
        awaitBodies("0", "1");
        links.last().acknowledgeOldest();
        awaitBodies("1", "2");
        for (int i = 1; i < 5; i++) {
            await().until(() -> !links.last().published.isEmpty());
            links.last().acknowledgeOldest();
        }
        sent.forEach(CompletableFuture::join);
    }

    @Test
    void rejects_when_full_and_has_room_again_after_an_acknowledgement() {
        links.acknowledging = false;
        connect(small(OverflowPolicy.REJECT));
        List<CompletableFuture<SendResult>> sent = send(4);
        assertThat(ConversationTest.codeOf(sent.get(3))).isEqualTo(ErrorCode.QUEUE_FULL);
        awaitBodies("0", "1");
        links.last().acknowledgeOldest();
        sent.get(0).join();
        assertThat(client.send(Message.of("fits"))).isNotDone();
    }

    @Test
    void drops_the_oldest_that_has_not_gone_out() {
        links.acknowledging = false;
        connect(small(OverflowPolicy.DROP_OLDEST));
        List<CompletableFuture<SendResult>> sent = send(5);
        assertThat(ConversationTest.codeOf(sent.get(2))).isEqualTo(ErrorCode.QUEUE_FULL);
        assertThat(ConversationTest.codeOf(sent.get(3))).isEqualTo(ErrorCode.QUEUE_FULL);
        links.acknowledging = true;
        links.last().acknowledgeOldest();
        links.last().acknowledgeOldest();
        sent.get(0).join();
        sent.get(4).join();
    }

    @Test
    void waits_for_room_as_long_as_the_message_lives() throws Exception {
        links.acknowledging = false;
        connect(small(OverflowPolicy.WAIT));
        send(3);
        CompletableFuture<CompletableFuture<SendResult>> blocked =
                CompletableFuture.supplyAsync(() -> client.send(Message.of("patient")));
        await().during(Duration.ofMillis(100)).until(() -> !blocked.isDone());
        links.acknowledging = true;
        links.last().acknowledgeOldest();
        links.last().acknowledgeOldest();
        blocked.get().join();
    }

    @Test
    void waiting_in_vain_ends_with_queue_full() {
        links.acknowledging = false;
        connect(small(OverflowPolicy.WAIT).messageTimeout(Duration.ofMillis(50)));
        send(3);
        assertThat(ConversationTest.codeOf(client.send(Message.of("in vain")))).isEqualTo(ErrorCode.QUEUE_FULL);
    }

    @Test
    void a_message_past_its_own_expiry_never_goes_out() {
        links.accepting = false;
        open(ClientOptions.builder());
        client.connect();
        CompletableFuture<SendResult> sent = client.send(
                Message.builder("old news").expiry(NOON.plusSeconds(60)).build());
        await().until(() -> time.pendingTasks() > 0);
        time.advance(Duration.ofSeconds(59));
        assertThat(sent).isNotDone();
        advanceUntil(sent::isDone);
        assertThat(ConversationTest.codeOf(sent)).isEqualTo(ErrorCode.EXPIRED);
    }

    @Test
    void the_message_time_out_counts_from_send() {
        links.accepting = false;
        open(ClientOptions.builder().messageTimeout(Duration.ofSeconds(90)));
        client.connect();
        CompletableFuture<SendResult> sent = client.send(Message.of("x"));
        time.advance(Duration.ofSeconds(89));
        assertThat(sent).isNotDone();
        advanceUntil(sent::isDone);
        assertThat(ConversationTest.failureOf(sent)).hasMessageContaining("could not be sent within 90000 ms");
    }

    @Test
    void a_clock_that_jumps_changes_no_time_out() {
        links.acknowledging = false;
        long[] nanos = {0};
        ClientEnvironment environment = new ClientEnvironment(time, () -> nanos[0], time, () -> 0);
        client = new HubClient(
                DEVICE,
                "user",
                credentials(),
                ClientOptions.builder().environment(environment).build(),
                links,
                time::instant);
        client.connect().join();
        CompletableFuture<SendResult> sent = client.send(Message.of("x"));
        awaitBodies("x");
        time.jump(Duration.ofDays(400));
        time.advance(Duration.ofSeconds(2));
        assertThat(sent).isNotDone();
        links.last().acknowledgeOldest();
        sent.join();
    }

    @Test
    void closing_ends_every_message() {
        links.acknowledging = false;
        connect(ClientOptions.builder().window(1));
        List<CompletableFuture<SendResult>> sent = send(3);
        CompletableFuture<Void> closed = client.close();
        advanceUntil(closed::isDone);
        assertThat(sent).allSatisfy(s -> assertThat(ConversationTest.codeOf(s)).isEqualTo(ErrorCode.CANCELLED));
        assertThat(client.sendStatus()).isEqualTo(SendStatus.IDLE);
    }

    @Test
    void what_was_under_way_is_resent_before_what_waited() {
        links.acknowledging = false;
        connect(ClientOptions.builder().window(2));
        List<CompletableFuture<SendResult>> sent = send(3);
        awaitBodies("0", "1");
        links.acknowledging = true;
        links.last().breakDown();
        advanceUntil(() -> sent.stream().allMatch(CompletableFuture::isDone));
        assertThat(links.last().settings.resend())
                .extracting(SendQueueTest::body)
                .containsExactly("0", "1");
        assertThat(bodies()).containsExactly("0", "1", "2");
    }

    @Test
    void what_the_wire_cannot_carry_is_refused_with_the_rule() {
        connect(ClientOptions.builder());
        assertThat(ConversationTest.failureOf(
                        client.send(Message.builder("x").messageId("no blanks").build())))
                .hasMessageContaining("message id [no blanks]");
        Message.Builder manyProperties = Message.builder("x");
        IntStream.range(0, 1000).forEach(i -> manyProperties.property("p" + i, "ü".repeat(20)));
        assertThat(ConversationTest.failureOf(client.send(manyProperties.build())))
                .hasMessageContaining("topic")
                .hasMessageContaining("65535");
        assertThat(links.last().published).isEmpty();
    }

    private List<CompletableFuture<SendResult>> send(int count) {
        List<CompletableFuture<SendResult>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(client.send(Message.of(Integer.toString(i))));
        }
        return sent;
    }

    private void awaitBodies(String... expected) {
        await().untilAsserted(() -> assertThat(bodies()).containsExactly(expected));
    }

    /** Lets time pass until something has happened; other threads are at work, so it may take several steps. */
    private void advanceUntil(Callable<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            time.advance(Duration.ofMillis(100));
            return condition.call();
        });
    }

    private List<String> bodies() {
        return links.last().published.stream().map(SendQueueTest::body).toList();
    }

    private static String body(Publication publication) {
        return new String(publication.body(), StandardCharsets.UTF_8);
    }
}
