package io.hubwire.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.events.amqp.AmqpException;
import io.hubwire.localhub.engine.C2dQueues;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sending to devices and hearing of it, over TLS, from a real local hub. */
@Timeout(60)
class C2dOverAmqpTest {
    private static final HubFixture HUB = new HubFixture();
    private static final Duration SOON = Duration.ofSeconds(10);

    @AfterAll
    static void stop() {
        HUB.close();
    }

    private static C2dQueues queues() {
        return HUB.hub.engine().c2d();
    }

    private static C2dQueues.Delivery received(Identity device) {
        return queues().next(device, C2dOverAmqpTest.class, Instant.MIN).orElseThrow();
    }

    @Test
    void a_message_arrives_with_all_it_says() {
        Identity device = HUB.device("c2d-1:+%#");
        try (C2dSender sender = C2dSender.open(HUB.service, HUB.settings())) {
            sender.blocking()
                    .send(
                            device,
                            Message.builder("cool down")
                                    .messageId("3f1c6f0e-52ab-4c57-8c2e-0a4f4d1f9b11")
                                    .correlationId("c-1")
                                    .userId("me")
                                    .contentType("text/plain")
                                    .contentEncoding("utf-8")
                                    .system(SystemProperty.ACK, "full")
                                    .property("degrees", "3")
                                    .build());
        }
        Message message = received(device).message();
        assertThat(message.text()).isEqualTo("cool down");
        assertThat(message.properties()).containsEntry("degrees", "3").hasSize(1);
        assertThat(message.system())
                .containsEntry(SystemProperty.MESSAGE_ID, "3f1c6f0e-52ab-4c57-8c2e-0a4f4d1f9b11")
                .containsEntry(SystemProperty.CORRELATION_ID, "c-1")
                .containsEntry(SystemProperty.USER_ID, "me")
                .containsEntry(SystemProperty.CONTENT_TYPE, "text/plain")
                .containsEntry(SystemProperty.CONTENT_ENCODING, "utf-8")
                .containsEntry(SystemProperty.ACK, "full");
    }

    @Test
    void fifty_may_wait_and_each_further_one_is_refused() {
        Identity device = HUB.device("c2d-full");
        try (C2dSender sender = C2dSender.open(HUB.service, HUB.settings())) {
            List<CompletableFuture<Void>> outcomes = new ArrayList<>();
            for (int i = 0; i < 53; i++) {
                outcomes.add(sender.send(device, Message.of("m" + i)));
            }
            assertThat(outcomes.get(49)).succeedsWithin(SOON);
            for (int i = 50; i < 53; i++) {
                assertThat(outcomes.get(i))
                        .failsWithin(SOON)
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOfSatisfying(AmqpException.class, e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.QUEUE_FULL);
                            assertThat(e.condition()).isEqualTo("amqp:resource-limit-exceeded");
                        });
            }
        }
    }

    @Test
    void an_unknown_device_and_module_are_not_found_and_the_link_goes_on() {
        Identity device = HUB.device("c2d-2");
        try (C2dSender sender = C2dSender.open(HUB.service, HUB.settings())) {
            for (Identity nobody : List.of(Identity.device("nobody"), Identity.module("c2d-2", "nobody"))) {
                assertThatThrownBy(() -> sender.blocking().send(nobody, Message.of("x")))
                        .isInstanceOfSatisfying(
                                AmqpException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
            }
            sender.blocking().send(device, Message.of("x"));
        }
        assertThat(queues().pending(device)).isEqualTo(1);
    }

    @Test
    void what_is_too_large_or_no_time_is_not_even_sent() {
        try (C2dSender sender = C2dSender.open(HUB.service, HUB.settings())) {
            Identity device = Identity.device("c2d-3");
            assertThatThrownBy(() -> sender.send(device, Message.of("x".repeat(65_537))))
                    .isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> sender.send(
                            device,
                            Message.builder("x")
                                    .system(SystemProperty.EXPIRY, "tomorrow")
                                    .build()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("[tomorrow]");
        }
    }

    @Test
    void feedback_comes_with_the_original_id_and_is_gone_once_completed() {
        Identity device = HUB.device("c2d-fb");
        try (C2dSender sender = C2dSender.open(HUB.service, HUB.settings());
                FeedbackReceiver feedback = FeedbackReceiver.open(HUB.service, HUB.settings())) {
            Message wanted = Message.builder("x")
                    .messageId("fb-1")
                    .system(SystemProperty.ACK, "full")
                    .build();
            sender.blocking().send(device, wanted);
            queues().complete(device, received(device).lockToken());

            FeedbackBatch first = feedback.next(SOON).orElseThrow();
            assertThat(first.records()).singleElement().satisfies(r -> {
                assertThat(r.originalMessageId()).isEqualTo("fb-1");
                assertThat(r.deviceId()).isEqualTo("c2d-fb");
                assertThat(r.statusCode()).isEqualTo("Success");
                assertThat(r.isSuccess()).isTrue();
                assertThat(r.when()).isPresent();
            });
            first.abandon();
            FeedbackBatch again = feedback.next(SOON).orElseThrow();
            assertThat(again.records()).isEqualTo(first.records());
            again.complete();
            assertThat(feedback.next(Duration.ofMillis(300))).isEmpty();
        }
        try (FeedbackReceiver next = FeedbackReceiver.open(HUB.service, HUB.settings())) {
            assertThat(next.next(Duration.ofMillis(300))).isEmpty();
        }
    }

    @Test
    void feedback_that_is_rejected_does_not_come_again() {
        Identity device = HUB.device("c2d-rejected");
        try (C2dSender sender = C2dSender.open(HUB.service, HUB.settings());
                FeedbackReceiver feedback = FeedbackReceiver.open(HUB.service, HUB.settings())) {
            sender.blocking()
                    .send(
                            device,
                            Message.builder("x")
                                    .system(SystemProperty.ACK, "full")
                                    .build());
            queues().complete(device, received(device).lockToken());
            feedback.next(SOON).orElseThrow().reject();
            assertThat(feedback.next(Duration.ofMillis(300))).isEmpty();
        }
        try (FeedbackReceiver next = FeedbackReceiver.open(HUB.service, HUB.settings())) {
            assertThat(next.next(Duration.ofMillis(300))).isEmpty();
        }
    }

    @Test
    void a_device_connection_string_is_no_back_end() {
        assertThatThrownBy(() -> C2dSender.open(
                        io.hubwire.auth.ConnectionString.parse(HUB.hub.deviceConnectionString("device1")),
                        HUB.settings()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("policy");
    }
}
