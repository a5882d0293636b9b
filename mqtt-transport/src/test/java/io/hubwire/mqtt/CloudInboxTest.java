package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.mqtt.MqttPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages from the cloud that do harm, if one lets them. */
class CloudInboxTest extends ConversationTest {
    private static final String C2D = "devices/dev1/messages/devicebound/";

    private static int acknowledged(Conversation link) {
        return ((MqttPacket.Acknowledgement) link.expect("PUBACK")).packetId();
    }

    @Test
    void a_topic_that_cannot_be_read_is_given_up_and_the_next_message_comes_through() throws InterruptedException {
        BlockingQueue<DeadLetter> dead = new LinkedBlockingQueue<>();
        BlockingQueue<ReceivedMessage> seen = new LinkedBlockingQueue<>();
        DeviceClient device = device();
        device.onDeadLetter(dead::add);
        device.onMessage(seen::add);
        Conversation link = connectAndGrant(device);
        link.publish("devices/de v1/messages/devicebound/", 1, 7, false, "broken id");
        assertThat(acknowledged(link)).isEqualTo(7);
        DeadLetter letter = dead.poll(10, TimeUnit.SECONDS);
        assertThat(letter.topic()).startsWith("devices/de v1/");
        assertThat(letter.body()).asString().isEqualTo("broken id");
        assertThat(letter.message()).isEmpty();
        link.publish(C2D + "%24.mid=2&&=x&%zz", 1, 8, false, "good");
        assertThat(acknowledged(link)).isEqualTo(8);
        assertThat(seen.poll(10, TimeUnit.SECONDS).message().text()).isEqualTo("good");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%zz",
                "%",
                "%zz=%4&%24.mid=%FF%FE",
                "=",
                "&&=x&&",
                "a=b=c",
                "/",
                "//",
                "%24.exp=yesterday&%24.ctime=%zz&iothub-ack=perhaps",
                "%24.mid&%24.to=&%24.=x"
            })
    void a_bag_against_the_rules_reaches_the_handler_and_the_next_message_too(String bag) throws InterruptedException {
        BlockingQueue<DeadLetter> dead = new LinkedBlockingQueue<>();
        BlockingQueue<ReceivedMessage> seen = new LinkedBlockingQueue<>();
        DeviceClient device = device();
        device.onDeadLetter(dead::add);
        device.onMessage(seen::add);
        Conversation link = connectAndGrant(device);
        link.publish(C2D + bag, 1, 7, false, "odd");
        assertThat(acknowledged(link)).isEqualTo(7);
        assertThat(seen.poll(10, TimeUnit.SECONDS).message().text()).isEqualTo("odd");
        link.publish(C2D + "%24.mid=2&k=v", 1, 8, false, "good");
        assertThat(acknowledged(link)).isEqualTo(8);
        assertThat(seen.poll(10, TimeUnit.SECONDS).message().properties()).containsEntry("k", "v");
        assertThat(dead).isEmpty();
        assertThat(changes).extracting(ConnectionChange::state).doesNotContain(ConnectionState.RETRYING);
    }

    /** MQTT-4.6.0-2. */
    @Test
    void acknowledgements_keep_the_order_of_arrival_whichever_handler_ends_first() throws InterruptedException {
        BlockingQueue<CompletableFuture<Void>> ends = new LinkedBlockingQueue<>();
        DeviceClient device = device();
        device.onMessageAsync(message -> {
            CompletableFuture<Void> end = new CompletableFuture<>();
            ends.add(end);
            return end;
        });
        Conversation link = connectAndGrant(device);
        List<CompletableFuture<Void>> handlers = new ArrayList<>();
        for (int id = 7; id <= 10; id++) {
            link.publish(C2D + "%24.mid=" + id, 1, id, false, "x");
            handlers.add(ends.poll(10, TimeUnit.SECONDS));
        }
        handlers.get(2).complete(null);
        handlers.get(1).complete(null);
        link.expectSilence(Duration.ofMillis(200));
        handlers.get(0).complete(null);
        assertThat(acknowledged(link)).isEqualTo(7);
        assertThat(acknowledged(link)).isEqualTo(8);
        assertThat(acknowledged(link)).isEqualTo(9);
        handlers.get(3).complete(null);
        assertThat(acknowledged(link)).isEqualTo(10);
    }

    @Test
    void one_that_fails_each_time_is_acknowledged_only_after_the_last_time() throws InterruptedException {
        BlockingQueue<DeadLetter> dead = new LinkedBlockingQueue<>();
        BlockingQueue<ReceivedMessage> seen = new LinkedBlockingQueue<>();
        DeviceClient device = device(options -> options.maxDeliveries(2));
        device.onDeadLetter(dead::add);
        device.onMessage(message -> {
            seen.add(message);
            throw new IllegalStateException("poison");
        });
        Conversation link = connectAndGrant(device);
        link.publish(C2D + "%24.mid=1", 1, 7, false, "poison");
        assertThat(seen.poll(10, TimeUnit.SECONDS).redelivered()).isFalse();
        link.expectSilence(Duration.ofMillis(200));
        link.publish(C2D + "%24.mid=1", 1, 7, true, "poison");
        assertThat(acknowledged(link)).isEqualTo(7);
        assertThat(seen.poll(10, TimeUnit.SECONDS).redelivered()).isTrue();
        assertThat(dead.poll(10, TimeUnit.SECONDS).cause()).hasMessage("poison");
    }
}
