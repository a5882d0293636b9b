package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.TestDevices;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that asks and does not read what it asked for. */
@Timeout(60)
class SlowClientTest {
    /** With answers of 28 kB and bodies of 50 kB: more than the sockets' buffers take, either way. */
    private static final int REQUESTS = 2_000;

    private static final String BODY = "x".repeat(50_000);
    private static final int CONNACK_AND_SUBACK_BYTES = 9;

    @Test
    void is_not_read_either_so_that_its_answers_do_not_pile_up() throws Exception {
        try (LocalHub hub = LocalHub.start()) {
            Identity identity = TestDevices.create(hub);
            growTwin(hub, identity);
            try (SilentClient client = SilentClient.connect(hub, identity, 60)) {
                client.send(SilentClient.subscribePacket("$iothub/twin/res/#"));
                client.read(CONNACK_AND_SUBACK_BYTES);
                AtomicInteger sent = new AtomicInteger();
                CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> ask(client, sent));
                await().during(Duration.ofMillis(300)).until(stands(sent));
                assertThat(sent.get()).as("requests taken off the socket").isLessThan(REQUESTS);

                try (PahoDevice other = PahoDevice.of(hub, Identity.device("device1"))) {
                    other.connect();
                    other.publish("devices/device1/messages/events/", "unharmed");
                }

                client.close();
                await().until(asking::isCompletedExceptionally);
            }
        }
    }

    private static Callable<Boolean> stands(AtomicInteger count) {
        int[] last = {-1};
        return () -> {
            int now = count.get();
            boolean same = now > 0 && now == last[0];
            last[0] = now;
            return same;
        };
    }

    /** Blocks when the hub stops reading. */
    private static void ask(SilentClient client, AtomicInteger sent) {
        try {
            for (int i = 1; i <= REQUESTS; i++) {
                client.send(SilentClient.publishPacket("$iothub/twin/GET/?$rid=" + i, i, BODY));
                sent.incrementAndGet();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void growTwin(LocalHub hub, Identity identity) {
        ObjectNode body = Json.object();
        ObjectNode desired = body.putObject("properties").putObject("desired");
        for (int i = 0; i < 7; i++) {
            desired.put("text" + i, "x".repeat(4_000));
        }
        hub.engine().twins().patch(identity, body, new ETagMatch.Absent());
    }
}
