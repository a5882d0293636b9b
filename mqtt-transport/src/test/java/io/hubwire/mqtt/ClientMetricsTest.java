package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.mqtt.MqttPacket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ClientMetricsTest extends ConversationTest {
    private final List<String> counted = new CopyOnWriteArrayList<>();
    private volatile String lastQueue = "";

    private final ClientMetrics metrics = new ClientMetrics() {
        @Override
        public void sent() {
            counted.add("sent");
        }

        @Override
        public void acknowledged(Duration duration) {
            assertThat(duration).isPositive();
            counted.add("acknowledged");
        }

        @Override
        public void resent(int messages) {
            counted.add("resent " + messages);
        }

        @Override
        public void failed(ErrorCode code) {
            counted.add("failed " + code);
        }

        @Override
        public void queue(int waiting, int underWay) {
            lastQueue = waiting + "+" + underWay;
        }

        @Override
        public void connected(ChangeReason reason) {
            counted.add("connected " + reason);
        }

        @Override
        public void received() {
            counted.add("received");
        }

        @Override
        public void methodAnswered(int status) {
            counted.add("method " + status);
        }
    };

    @Test
    void counts_what_happens() {
        DeviceClient device = device(options -> options.metrics(metrics).window(1));
        device.onMessage(message -> {});
        device.onMethod("m", request -> MethodResponse.of(299));
        Conversation first = connectAndGrant(device);
        CompletableFuture<SendResult> one = device.send(Message.of("1"));
        CompletableFuture<SendResult> two = device.send(Message.of("2"));
        await().untilAsserted(() -> assertThat(lastQueue).isEqualTo("1+1"));
        first.expectPublish();
        first.reset();
        Conversation second = hub.acceptSession();
        for (int i = 0; i < 2; i++) { // which of the two comes first is Paho's choice
            MqttPacket packet = second.next();
            if (packet instanceof MqttPacket.Publish again) {
                second.pubAck(again.packetId());
            } else {
                second.subAck(((MqttPacket.Subscribe) packet).packetId(), 1, 1);
            }
        }
        one.join();
        second.expectPublish();
        second.publish("devices/dev1/messages/devicebound/", "x");
        second.publish("$iothub/methods/POST/m/?$rid=1", "");
        second.expectPublish();
        device.close();
        assertThat(codeOf(two)).isEqualTo(ErrorCode.CANCELLED);
        assertThat(counted)
                .contains(
                        "connected REQUESTED",
                        "connected LINK_LOST",
                        "resent 1",
                        "received",
                        "method 299",
                        "failed CANCELLED")
                .filteredOn(s -> s.equals("sent") || s.equals("acknowledged"))
                .containsExactly("sent", "sent", "acknowledged");
        assertThat(lastQueue).isEqualTo("0+0");
    }
}
