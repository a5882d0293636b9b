package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.hubwire.auth.ConnectionString;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.mqtt.MqttPacket;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One client, forced to reconnect over and over in every way a link can end, keeps nothing of the links that are gone: no
 * thread, no socket, no memory. A hundred times by default; {@code -Dhubwire.reconnects=1000} for more.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyReconnectsTest extends ConversationTest {
    private static final int RECONNECTS = Integer.getInteger("hubwire.reconnects", 100);
    /** Other tests of the same JVM leave things behind that go at any time; alone, it grows by 0.1 MB. */
    private static final long NOISE = 3 * 1024 * 1024;

    private static final byte[] NO_PACKET = {(byte) 0xf0, 0};
    private static final int MALFORMED = 0;
    private static final int REFUSED = 1;
    private static final int BROKEN_HANDSHAKE = 2;

    @Test
    void reconnects_leave_no_thread_no_socket_and_no_memory_behind() {
        RetryPolicy quick = new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMinutes(5));
        DeviceClient device = closing(DeviceClient.of( // without a listener, which would collect causes
                ConnectionString.ofIdentity("localhost", Identity.device("dev1"), KEY),
                options().retry(quick).build()));
        device.onMessage(message -> {});
        Conversation link = connectAndGrant(device);
        Usage warm = null;
        for (int i = 0; i < RECONNECTS; i++) {
            link = reconnected(device, link, i);
            if (i == RECONNECTS / 5) {
                warm = Usage.now();
            }
        }
        Usage end = Usage.now();
        System.out.printf("%d reconnects: %s, then %s%n", RECONNECTS, warm, end);
        await().untilAsserted(() -> assertThat(Usage.threadsOfClient()).isLessThanOrEqualTo(4));
        assertThat(end.files()).isLessThanOrEqualTo(warm.files() + 2);
        assertThat(end.heap()).isLessThan(warm.heap() + NOISE);

        device.close();
        await().untilAsserted(() -> assertThat(Usage.threadsOfClient()).isZero());
    }

    /** Ends this link in one way or another and waits for a good one. A message under way survives it. */
    private Conversation reconnected(DeviceClient device, Conversation link, int number) {
        CompletableFuture<SendResult> sent = device.send(Message.of("n" + number));
        MqttPacket.Publish first = link.expectPublish();
        link.send(NO_PACKET); // the client drops the link; closed by the hub it would suspect a take-over, and wait
        hub.release(link);
        if (number % 3 == REFUSED) {
            Conversation refused = hub.accept();
            refused.expectConnect();
            refused.connAck(false, 3);
            hub.release(refused);
        } else if (number % 3 == BROKEN_HANDSHAKE) {
            hub.release(hub.accept());
        } else {
            assertThat(number % 3).isEqualTo(MALFORMED);
        }
        Conversation next = hub.acceptSession();
        MqttPacket.Publish again = null;
        boolean subscribed = false;
        while (again == null || !subscribed) { // they come in either order
            MqttPacket packet = next.next();
            if (packet instanceof MqttPacket.Subscribe subscribe) {
                next.subAck(subscribe.packetId(), 1);
                subscribed = true;
            } else {
                again = (MqttPacket.Publish) packet;
            }
        }
        assertThat(again.dup()).isTrue();
        assertThat(again.packetId()).isEqualTo(first.packetId());
        next.pubAck(again.packetId());
        sent.join();
        return next;
    }

    /** What the process holds, and the client in it. */
    private record Usage(long threads, long files, long heap) {
        static Usage now() {
            System.gc();
            return new Usage(threadsOfClient(), openFiles(), heapAfterCollection());
        }

        static long threadsOfClient() {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t.isAlive() && t.getName().contains("dev1"))
                    .count();
        }

        private static long openFiles() {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getOpenFileDescriptorCount()
                    : 0;
        }

        private static long heapAfterCollection() {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
            }
            return least;
        }
    }
}
