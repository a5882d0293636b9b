package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.engine.C2dQueues;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deliveries on a link that does as it is told, from the queues of a real engine. */
@Timeout(30)
class C2dDeliveryTest {
    private static final Identity DEVICE = Identity.device("device1");
    private static final String FILTER = "devices/device1/messages/devicebound/#";

    private final FakeTime time = new FakeTime(Instant.parse("2030-01-01T00:00:00Z"));
    private final FakeLink link = new FakeLink();
    private final Subscriptions subscriptions = new Subscriptions(DEVICE);
    private LocalHub hub = null;
    private C2dQueues queues = null;
    private C2dDelivery delivery = null;

    /** Notes what is sent; bytes go to the socket when the test says so. */
    private static final class FakeLink implements Link {
        final List<OutgoingPublish> sent = new ArrayList<>();
        final List<Runnable> unwritten = new ArrayList<>();
        long backlog;

        @Override
        public void publish(OutgoingPublish packet, Runnable written) {
            sent.add(packet);
            unwritten.add(written);
        }

        @Override
        public long backlog() {
            return backlog;
        }

        @Override
        public void close(String reason) {
            throw new AssertionError("no delivery is a reason to close: " + reason);
        }

        List<String> bodies() {
            return sent.stream().map(p -> new String(p.payload())).toList();
        }
    }

    @BeforeEach
    void start() {
        hub = LocalHub.start(LocalHubOptions.builder().time(time, time).build());
        queues = hub.engine().c2d();
        delivery = new C2dDelivery(
                queues,
                DEVICE,
                this,
                subscriptions,
                link,
                time,
                MqttSettings.defaults().withC2dWindow(3));
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void sends_nothing_before_the_connection_is_accepted() {
        subscribe(1);
        send("1");
        delivery.pump();
        assertThat(link.sent).isEmpty();
        delivery.start();
        assertThat(link.bodies()).containsExactly("1");
    }

    @Test
    void sends_as_many_as_the_window_holds() {
        subscribe(1);
        delivery.start();
        send("1", "2", "3", "4", "5");
        assertThat(link.bodies()).containsExactly("1", "2", "3");
        delivery.acknowledged(link.sent.get(1).packetId());
        assertThat(link.bodies()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void waits_while_the_client_does_not_read() {
        subscribe(1);
        delivery.start();
        link.backlog = 1;
        send("1");
        assertThat(link.sent).isEmpty();
        link.backlog = 0;
        delivery.pump();
        assertThat(link.bodies()).containsExactly("1");
    }

    @Test
    void at_qos_0_the_window_counts_what_is_not_written_yet() {
        subscribe(0);
        delivery.start();
        send("1", "2", "3", "4");
        assertThat(link.bodies()).containsExactly("1", "2", "3");
        assertThat(queues.pending(DEVICE)).isEqualTo(4);
        link.unwritten.get(0).run();
        assertThat(link.bodies()).containsExactly("1", "2", "3", "4");
        assertThat(queues.pending(DEVICE)).isEqualTo(3);
    }

    @Test
    void ignores_an_acknowledgement_of_what_was_never_sent() {
        subscribe(1);
        delivery.start();
        send("1");
        delivery.acknowledged(4711);
        assertThat(queues.pending(DEVICE)).isEqualTo(1);
    }

    @Test
    void a_full_window_that_nobody_acknowledges_is_sent_again_when_the_locks_run_out() {
        subscribe(1);
        delivery.start();
        send("1", "2", "3", "4");
        time.advance(Duration.ofSeconds(60));
        delivery.pump();
        assertThat(link.bodies()).containsExactly("1", "2", "3", "1", "2", "3");
        assertThat(link.sent.get(3).duplicate()).isTrue();
        assertThat(link.sent.get(3).packetId()).isEqualTo(link.sent.get(0).packetId());
        delivery.acknowledged(link.sent.get(3).packetId());
        assertThat(queues.pending(DEVICE)).isEqualTo(3);
    }

    @Test
    void a_puback_after_the_lock_ran_out_completes_nothing() {
        subscribe(1);
        delivery.start();
        send("1");
        time.advance(Duration.ofSeconds(60));
        delivery.acknowledged(link.sent.get(0).packetId());
        assertThat(queues.pending(DEVICE)).isEqualTo(1);
        delivery.pump();
        assertThat(link.bodies()).containsExactly("1", "1");
    }

    @Test
    void gives_back_what_it_holds_when_it_stops_and_sends_no_more() {
        subscribe(1);
        delivery.start();
        send("1", "2");
        delivery.stop();
        send("3");
        assertThat(link.bodies()).containsExactly("1", "2");
        var again = queues.next(DEVICE, "somebody else", Instant.MIN).orElseThrow();
        assertThat(again.message().text()).isEqualTo("1");
        assertThat(again.redelivered()).isTrue();
    }

    private void subscribe(int qos) {
        assertThat(subscriptions.add(Map.of(FILTER, qos), time.instant(), false))
                .isEmpty();
    }

    private void send(String... bodies) {
        for (String body : bodies) {
            queues.enqueue(DEVICE, Message.of(body));
            delivery.pump();
        }
    }
}
