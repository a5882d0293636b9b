package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.protocol.Message;
import io.hubwire.protocol.mqtt.MqttPacket;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** The order in which an application hears of things, as docs/connection.md promises it. */
class EventOrderTest extends ConversationTest {
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();

    private void note(CompletableFuture<?> stage, String name) {
        stage.whenComplete((value, failure) -> heard.add(name + (failure == null ? " ended" : " failed")));
    }

    @Test
    void what_happens_is_heard_in_the_documented_order() {
        DeviceClient device = device();
        device.onConnectionChange(change -> heard.add(change.state().name()));
        note(device.send(Message.of("early")), "early send");
        note(device.connect(), "connect");
        Conversation first = hub.acceptSession();
        int packetId = first.expectPublish().packetId(); // out before anybody hears of the connection
        await().untilAsserted(() -> assertThat(heard).containsExactly("CONNECTING", "CONNECTED", "connect ended"));
        first.pubAck(packetId);
        await().untilAsserted(() -> assertThat(heard).endsWith("early send ended"));

        heard.clear();
        note(device.send(Message.of("under way")), "send");
        first.expectPublish();
        note(device.twin(), "twin");
        first.grantSubscribe();
        first.expectPublish();
        first.reset();
        Conversation second = hub.acceptSession();
        boolean subscribed = false;
        for (boolean resent = false; !resent || !subscribed; ) { // right after CONNACK, in either order
            MqttPacket packet = second.next();
            if (packet instanceof MqttPacket.Subscribe subscribe) {
                second.subAck(subscribe.packetId(), 1);
                subscribed = true;
            } else {
                assertThat(((MqttPacket.Publish) packet).dup()).isTrue();
                resent = true;
            }
        }
        await().untilAsserted(
                        () -> assertThat(heard).containsExactly("twin failed", "RETRYING", "CONNECTING", "CONNECTED"));

        heard.clear();
        note(device.closeAsync(), "close");
        await().untilAsserted(() -> assertThat(heard).containsExactly("CLOSED", "send failed", "close ended"));
    }

    @Test
    void giving_up_is_heard_before_connect_fails() {
        DeviceClient device = device(options -> options.clockCheck(ClockCheck.OFF));
        device.onConnectionChange(change -> heard.add(change.state().name()));
        note(device.connect(), "connect");
        Conversation link = hub.accept();
        link.expectConnect();
        link.connAck(false, 5);
        await().untilAsserted(() -> assertThat(heard).containsExactly("CONNECTING", "DISCONNECTED", "connect failed"));
    }
}
