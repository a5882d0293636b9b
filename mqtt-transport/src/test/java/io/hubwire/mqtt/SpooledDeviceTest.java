package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.mqtt.spool.SpoolException;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.mqtt.MqttPacket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device whose messages outlive it. */
class SpooledDeviceTest extends ConversationTest {
    @TempDir
    private Path folder;

    private DeviceClient spooling() {
        return device(options -> options.window(2).spool(new SpoolFolder(folder, 2 * 1024 * 1024)));
    }

    @Test
    void messages_of_an_earlier_run_go_out_before_new_ones() {
        DeviceClient first = spooling();
        CompletableFuture<SendResult> acknowledged = first.send(Message.of("acknowledged"));
        Conversation link = connect(first);
        link.pubAck(link.expectPublish().packetId());
        acknowledged.join();
        CompletableFuture<SendResult> underWay = first.send(
                Message.builder("under way").messageId("m-2").property("p", "ü").build());
        MqttPacket.Publish lost = link.expectPublish();
        link.reset();
        first.send(Message.of("waiting"));
        first.close();
        assertThat(failureOf(underWay)).hasMessageContaining("stays in the spool");

        DeviceClient second = spooling();
        List<RecoveredMessage> recovered = second.recoveredMessages();
        assertThat(recovered).extracting(RecoveredMessage::messageId).containsExactly("m-2", null);
        CompletableFuture<SendResult> fresh = second.send(Message.of("new"));
        Conversation next = connect(second);
        MqttPacket.Publish again = next.expectPublish();
        assertThat(again.topic()).isEqualTo(lost.topic());
        assertThat(again.payload()).asString().isEqualTo("under way");
        next.pubAck(again.packetId());
        MqttPacket.Publish waiting = next.expectPublish();
        assertThat(waiting.payload()).asString().isEqualTo("waiting");
        next.pubAck(waiting.packetId());
        next.pubAck(next.expectPublish().packetId());
        recovered.forEach(r -> r.outcome().join());
        fresh.join();
        second.close();

        assertThat(spooling().recoveredMessages()).isEmpty();
    }

    @Test
    void a_message_that_is_given_up_leaves_the_spool() {
        DeviceClient device = device(options -> options.messageTimeout(java.time.Duration.ofMillis(50))
                .spool(new SpoolFolder(folder, 2 * 1024 * 1024)));
        assertThat(codeOf(device.send(Message.of("late")))).isEqualTo(ErrorCode.TIMED_OUT);
        device.close();
        assertThat(spooling().recoveredMessages()).isEmpty();
    }

    @Test
    void two_clients_do_not_share_a_folder() {
        spooling();
        Assertions.assertThatThrownBy(this::spooling).isInstanceOf(SpoolException.class);
    }

    @Test
    void a_full_spool_refuses_and_says_so() {
        DeviceClient device = device(options -> options.spool(new SpoolFolder(folder, 1024 * 1024)));
        for (int i = 0; i < 5; i++) {
            device.send(Message.builder(new byte[200_000]).build());
        }
        CompletableFuture<SendResult> tooMuch =
                device.send(Message.builder(new byte[200_000]).build());
        assertThat(codeOf(tooMuch)).isEqualTo(ErrorCode.QUEUE_FULL);
    }
}
