package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.mqtt.MqttPacket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Conversations between a device and a hub that plays its part from a script. */
class DeviceClientTest extends ConversationTest {
    private static final String C2D = "devices/dev1/messages/devicebound/%24.to=%2Fdevices%2Fdev1&";

    private final DeviceClient device = device(options -> options.retry(RetryPolicy.NONE));

    @Test
    void shows_its_identity_and_a_token_of_its_own_at_connect() {
        CompletableFuture<Void> connecting = device.connect();
        Conversation link = hub.accept();
        MqttPacket.Connect connect = link.expectConnect();
        link.connAck(false, 0);

        connecting.join();
        assertThat(connect.clientId()).isEqualTo("dev1");
        assertThat(connect.userName()).isEqualTo("localhost/dev1/?api-version=2021-04-12&DeviceClientType=hubwire");
        assertThat(connect.cleanSession()).isFalse();
        assertThat(connect.keepAlive()).isEqualTo(240);
        assertThat(connect.password()).startsWith("SharedAccessSignature sr=localhost%2Fdevices%2Fdev1&sig=");
        assertThat(device.connectionState()).isEqualTo(ConnectionState.CONNECTED);
    }

    @Test
    void hands_its_last_will_to_the_hub() {
        DeviceClient device = device(options ->
                options.will(Message.builder("gone").property("why", "?").build()));
        device.connect();
        MqttPacket.Publish will = hub.accept().expectConnect().will();
        assertThat(will)
                .isEqualTo(new MqttPacket.Publish(
                        "devices/dev1/messages/events/why=%3F", 1, false, false, null, "gone".getBytes()));
    }

    @Test
    void a_send_is_confirmed_when_the_hub_has_acknowledged_it() {
        Conversation link = connect(device);
        Message message = Message.builder("{\"windSpeed\":12}")
                .messageId("m-1")
                .property("alert", "no")
                .build();
        CompletableFuture<SendConfirmation<String>> sent = device.send(message, "my context");

        MqttPacket.Publish publish = link.expectPublish();
        assertThat(publish.topic()).isEqualTo("devices/dev1/messages/events/%24.mid=m-1&alert=no");
        assertThat(publish.qos()).isEqualTo(1);
        assertThat(publish.payload()).asString().isEqualTo("{\"windSpeed\":12}");
        assertThat(sent).isNotDone();
        assertThat(device.sendStatus()).isEqualTo(SendStatus.BUSY);
        link.pubAck(publish.packetId());

        SendConfirmation<String> confirmation = sent.join();
        assertThat(confirmation.ok()).isTrue();
        assertThat(confirmation.context()).isEqualTo("my context");
        assertThat(confirmation.result().messageId()).isEqualTo("m-1");
        assertThat(device.sendStatus()).isEqualTo(SendStatus.IDLE);
    }

    @Test
    void a_cloud_message_is_acknowledged_after_its_handler_has_returned() throws Exception {
        CountDownLatch mayReturn = new CountDownLatch(1);
        LinkedBlockingQueue<ReceivedMessage> seen = new LinkedBlockingQueue<>();
        device.onMessage(message -> {
            seen.add(message);
            mayReturn.await();
        });
        CompletableFuture<Void> connecting = device.connect();
        Conversation link = hub.accept();
        link.expectConnect();
        link.connAck(true, 0);
        link.publish(C2D + "%24.mid=c-1&colour=red", 1, 7, false, "turn left"); // before SUBSCRIBE: the session had it

        assertThat(link.grantSubscribe().filters())
                .containsExactly(new MqttPacket.Filter("devices/dev1/messages/devicebound/#", 1));
        connecting.join();
        ReceivedMessage received = seen.poll(5, TimeUnit.SECONDS);
        assertThat(received.message().text()).isEqualTo("turn left");
        assertThat(received.message().messageId()).contains("c-1");
        assertThat(received.message().properties()).containsEntry("colour", "red");
        link.expectSilence(Duration.ofMillis(100));
        mayReturn.countDown();
        assertThat(link.expect(MqttPacket.Acknowledgement.class).packetId()).isEqualTo(7);
    }

    @Test
    void a_method_is_answered_with_status_and_payload() {
        device.onMethod("blink", request -> MethodResponse.of(202, "{\"times\":" + request.payload() + "}"));
        Conversation link = connectAndGrant(device);
        link.publish("$iothub/methods/POST/blink/?$rid=1a", "3");

        MqttPacket.Publish answer = link.expectPublish();
        assertThat(answer.topic()).isEqualTo("$iothub/methods/res/202/?$rid=1a");
        assertThat(answer.payload()).asString().isEqualTo("{\"times\":3}");
    }

    @Test
    void fetches_the_twin_and_reports_to_it() {
        Conversation link = connect(device);
        CompletableFuture<Twin> asked = device.twin();
        assertThat(link.grantSubscribe().filters()).containsExactly(new MqttPacket.Filter("$iothub/twin/res/#", 1));
        assertThat(link.expectPublish().topic()).isEqualTo("$iothub/twin/GET/?$rid=1");
        link.publish(
                "$iothub/twin/res/200/?$rid=1",
                "{\"desired\":{\"k\":1,\"$version\":12},\"reported\":{\"$version\":3}}");
        assertThat(asked.join()).isEqualTo(new Twin(new Twin.Section(12, "{\"k\":1}"), new Twin.Section(3, "{}")));

        CompletableFuture<Long> reported = device.report("{\"state\":\"on\",\"old\":null}");
        MqttPacket.Publish patch = link.expectPublish();
        assertThat(patch.topic()).isEqualTo("$iothub/twin/PATCH/properties/reported/?$rid=2");
        assertThat(patch.payload()).asString().isEqualTo("{\"state\":\"on\",\"old\":null}");
        link.publish("$iothub/twin/res/204/?$rid=2&$version=4", "");
        assertThat(reported.join()).isEqualTo(4);
    }

    @Test
    void closing_says_goodbye_within_a_second() {
        Conversation link = connect(device);
        CompletableFuture<Void> closed = device.closeAsync();
        link.expect("DISCONNECT");
        link.expectEnd();
        assertThat(closed).succeedsWithin(Duration.ofSeconds(1));
        assertThat(device.connectionState()).isEqualTo(ConnectionState.CLOSED);
        assertThatThrownBy(() -> device.send(Message.of("x"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_refused_connect_names_the_code_and_likely_causes() {
        CompletableFuture<Void> connecting = device.connect();
        Conversation link = hub.accept();
        link.expectConnect();
        link.connAck(false, 5);
        HubwireException failure = failureOf(connecting);
        assertThat(failure).isInstanceOf(ConnectRefusedException.class).hasMessageContaining("key is wrong");
        assertThat(failure.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(((ConnectRefusedException) failure).returnCode()).isEqualTo(5);
        assertThat(device.connectionState()).isEqualTo(ConnectionState.DISCONNECTED);
    }
}
