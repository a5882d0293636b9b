package io.hubwire.localhub.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.engine.C2dQueues.Delivery;
import io.hubwire.protocol.Identity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.engine.OutgoingDelivery;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.ApplicationProperties;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.messaging.Released;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cloud-to-device messages and the feedback for them. */
@Timeout(30)
class C2dAndFeedbackTest {
    private final AmqpTestHub hub = new AmqpTestHub();

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void queues_a_c2d_message_and_accepts_it() {
        Identity device = hub.device("dev1");
        WirePeer peer = hub.trusted();
        Sender link = peer.sender("/messages/deviceBound");
        OutgoingDelivery sent = peer.send(link, c2d("/devices/dev1/messages/deviceBound", "full", "hello"));

        assertThat(sent.getRemoteState()).isInstanceOf(Accepted.class);
        assertThat(sent.isRemotelySettled()).isTrue();
        Delivery queued = hub.engine.c2d().next(device, this, Instant.MIN).orElseThrow();
        assertThat(queued.message().text()).isEqualTo("hello");
        assertThat(queued.message().messageId()).contains("3f1c6f0e-52ab-4c57-8c2e-0a4f4d1f9b11");
    }

    @ParameterizedTest
    @CsvSource({
        "/devices/nobody/messages/devicebound, full, amqp:not-found",
        "/devices/dev1/modules/none/messages/devicebound, full, amqp:not-found",
        "/devices/dev1, full, com.microsoft:argument-error",
        "'', full, com.microsoft:argument-error",
        "/devices/d%C3%A9v/messages/devicebound, full, com.microsoft:argument-error",
        "/devices/dev%zz/messages/devicebound, full, com.microsoft:argument-error",
        "/devices/dev1/messages/devicebound, sometimes, com.microsoft:argument-error"
    })
    void rejects_a_c2d_message_with_the_documented_condition(String to, String ack, String expected) {
        hub.device("dev1");
        WirePeer peer = hub.trusted();
        OutgoingDelivery sent = peer.send(peer.sender("/messages/devicebound"), c2d(to, ack, "x"));
        assertThat(((Rejected) sent.getRemoteState()).getError().getCondition()).hasToString(expected);
    }

    @Test
    void rejects_the_fifty_first_message_and_one_that_is_too_large() {
        hub.device("dev1");
        WirePeer peer = hub.trusted();
        Sender link = peer.sender("/messages/devicebound");
        String to = "/devices/dev1/messages/devicebound";
        OutgoingDelivery large = peer.send(link, c2d(to, "none", "x".repeat(70_000)));
        assertThat(((Rejected) large.getRemoteState()).getError().getCondition())
                .hasToString("amqp:link:message-size-exceeded");
        for (int i = 0; i < 50; i++) {
            assertThat(peer.send(link, c2d(to, "none", "x")).getRemoteState()).isInstanceOf(Accepted.class);
        }
        assertThat(((Rejected) peer.send(link, c2d(to, "none", "x")).getRemoteState())
                        .getError()
                        .getCondition())
                .hasToString("amqp:resource-limit-exceeded");
    }

    @Test
    void detaches_a_sender_whose_message_never_ends() {
        WirePeer peer = hub.trusted();
        Sender link = peer.sender("/messages/devicebound");
        OutgoingDelivery endless = link.next().setTag(new byte[] {1});
        for (int i = 0; i < 20 && link.isRemotelyOpen(); i++) {
            endless.streamBytes(ProtonBufferAllocator.defaultAllocator().copy(new byte[30_000]));
            peer.settle();
        }
        assertThat(WirePeer.condition(link)).isEqualTo("amqp:link:message-size-exceeded");
        assertThat(peer.server.isOver()).isFalse();
    }

    @Test
    void rejects_bytes_that_are_no_message_and_goes_on() {
        hub.device("dev1");
        WirePeer peer = hub.trusted();
        Sender link = peer.sender("/messages/devicebound");
        OutgoingDelivery broken = peer.send(
                link, ProtonBufferAllocator.defaultAllocator().copy("no sections".getBytes(StandardCharsets.UTF_8)));
        assertThat(((Rejected) broken.getRemoteState()).getError().getCondition())
                .hasToString("com.microsoft:argument-error");
        assertThat(peer.send(link, c2d("/devices/dev1/messages/devicebound", "none", "x"))
                        .getRemoteState())
                .isInstanceOf(Accepted.class);
    }

    @Test
    void rejects_a_c2d_message_whose_time_is_over() {
        hub.device("dev1");
        WirePeer peer = hub.trusted();
        Properties properties = new Properties();
        properties.setAbsoluteExpiryTime(AmqpTestHub.START.minusSeconds(1).toEpochMilli());
        OutgoingDelivery late =
                peer.send(peer.sender("/messages/devicebound"), c2d(properties, "/devices/dev1/messages/devicebound"));
        assertThat(((Rejected) late.getRemoteState()).getError().getCondition())
                .hasToString("com.microsoft:argument-out-of-range");
    }

    private static ProtonBuffer c2d(Properties properties, String to) {
        properties.setTo(to);
        return new SectionWriter()
                .draft(0)
                .add(properties)
                .add(new Data(new byte[] {1}))
                .finish();
    }

    private static ProtonBuffer c2d(String to, String ack, String body) {
        Properties properties = new Properties();
        properties.setMessageId(UUID.fromString("3f1c6f0e-52ab-4c57-8c2e-0a4f4d1f9b11"));
        properties.setTo(to);
        return new SectionWriter()
                .draft(0)
                .add(properties)
                .add(new ApplicationProperties(Map.of("iothub-ack", ack)))
                .add(new Data(body.getBytes(StandardCharsets.UTF_8)))
                .finish();
    }

    @Test
    void hands_out_feedback_and_does_with_it_what_the_receiver_says() {
        WirePeer peer = hub.trusted();
        Receiver link = peer.receiver("/messages/serviceBound/feedback");
        link.addCredit(100);
        peer.settle();

        feedback("first");
        peer.settle();
        assertThat(peer.bodies(link)).hasSize(1).first().asString().contains("\"originalMessageId\":\"first\"");
        peer.arrived.get(link).get(0).delivery().disposition(Released.getInstance(), true);
        peer.settle();
        assertThat(peer.bodies(link)).as("released: it comes again").hasSize(2);
        peer.arrived.get(link).get(1).delivery().disposition(Accepted.getInstance(), true);
        peer.settle();
        assertThat(peer.bodies(link)).hasSize(2);

        feedback("second");
        peer.settle();
        peer.arrived.get(link).get(2).delivery().disposition(new Rejected(), true);
        peer.settle();
        assertThat(hub.engine.feedback().next(64)).isEmpty();
    }

    @Test
    void a_receiver_that_leaves_gives_its_feedback_back() {
        WirePeer peer = hub.trusted();
        Receiver link = peer.receiver("amqps://localhost/messages/servicebound/feedback");
        link.addCredit(1);
        feedback("one");
        peer.settle();
        assertThat(peer.bodies(link)).hasSize(1);
        assertThat(hub.engine.feedback().next(64)).isEmpty();

        peer.server.gone();

        assertThat(hub.engine.feedback().next(64)).isPresent();
    }

    private void feedback(String originalMessageId) {
        hub.engine
                .feedback()
                .add(io.hubwire.protocol.json.Json.parseObject(
                        "test", "{\"originalMessageId\":\"" + originalMessageId + "\",\"statusCode\":\"Success\"}"));
    }
}
