package io.hubwire.localhub.engine;

import static io.hubwire.localhub.engine.HubRegistryTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.FeedbackQueue.Batch;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HubFeedbackTest {
    private final TestHub hub = new TestHub();
    private final FeedbackQueue feedback = hub.engine.feedback();

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void hands_out_batches_of_at_most_what_is_asked_in_order() {
        add(70);
        Batch first = feedback.next(64).orElseThrow();
        Batch second = feedback.next(64).orElseThrow();
        assertThat(ids(first)).hasSize(64).startsWith("m0", "m1");
        assertThat(ids(second)).containsExactly("m64", "m65", "m66", "m67", "m68", "m69");
        assertThat(feedback.next(64)).isEmpty();
        assertThatThrownBy(() -> feedback.next(65)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> feedback.next(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void forgets_what_is_completed_or_rejected_and_hands_out_again_what_is_abandoned() {
        add(3);
        feedback.complete(feedback.next(1).orElseThrow().lockToken());
        feedback.reject(feedback.next(1).orElseThrow().lockToken());
        Batch last = feedback.next(1).orElseThrow();
        feedback.abandon(last.lockToken());
        assertThat(ids(feedback.next(64).orElseThrow())).containsExactly("m2");
    }

    @Test
    void refuses_to_settle_what_is_not_locked() {
        add(1);
        Batch batch = feedback.next(64).orElseThrow();
        feedback.complete(batch.lockToken());
        assertRefused(HubError.DEVICE_MESSAGE_LOCK_LOST, () -> feedback.complete(batch.lockToken()));
        assertRefused(HubError.DEVICE_MESSAGE_LOCK_LOST, () -> feedback.abandon(batch.lockToken()));
        assertRefused(HubError.DEVICE_MESSAGE_LOCK_LOST, () -> feedback.reject("nonsense"));
    }

    @Test
    void takes_a_batch_back_when_its_lock_runs_out_up_to_ten_times() throws Exception {
        add(1);
        AtomicInteger heard = new AtomicInteger();
        AutoCloseable listening = feedback.onAvailable(heard::incrementAndGet);
        for (int i = 0; i < 10; i++) {
            assertThat(feedback.next(64)).as("delivery " + i).isPresent();
            assertThat(feedback.next(64)).isEmpty();
            hub.time.advance(Duration.ofSeconds(60));
        }
        assertThat(feedback.next(64)).as("the eleventh").isEmpty();
        assertThat(heard).hasValue(9);
        listening.close();
        add(1);
        assertThat(heard).hasValue(9);
        assertThat(hub.time.pendingTasks()).isZero();
    }

    @Test
    void puts_what_comes_back_before_what_came_later() {
        add(2);
        Batch batch = feedback.next(2).orElseThrow();
        feedback.add(Json.object().put("originalMessageId", "later"));
        feedback.abandon(batch.lockToken());
        assertThat(ids(feedback.next(64).orElseThrow())).containsExactly("m0", "m1", "later");
    }

    @Test
    void drops_what_nobody_fetched_within_an_hour() {
        add(1);
        hub.time.advance(Duration.ofMinutes(59));
        add(1);
        hub.time.advance(Duration.ofMinutes(1));
        assertThat(feedback.next(64).orElseThrow().records()).hasSize(1);
    }

    @Test
    void drops_what_a_deleted_device_had_to_say() {
        hub.device("dev1");
        feedback.add(Json.object().put("originalMessageId", "a").put("deviceId", "dev1"));
        feedback.add(Json.object().put("originalMessageId", "b").put("deviceId", "dev2"));
        hub.engine.registry().delete(Identity.device("dev1"), new ETagMatch.Any());
        assertThat(ids(feedback.next(64).orElseThrow())).containsExactly("b");
    }

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            feedback.add(Json.object().put("originalMessageId", "m" + i));
        }
    }

    private static List<String> ids(Batch batch) {
        return batch.records().stream()
                .map((ObjectNode record) -> record.path("originalMessageId").asText())
                .toList();
    }
}
