package io.hubwire.localhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hubwire.localhub.LocalHubOptions.Data;
import io.hubwire.protocol.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A disk on which the event log cannot begin its next file: its folder is gone. A full one fails in the same place. */
@Timeout(60)
class FailingDiskTest {
    private static final Identity DEVICE = Identity.device("device1");
    private static final String TOPIC = "devices/device1/messages/events/";
    private static final byte[] LARGE = new byte[250_000];
    /** More than a file of the log holds. */
    private static final int MANY = 80;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    private Path folder;

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.hubwire.localhub.mqtt");
    }

    @BeforeEach
    void listen() {
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void leave() {
        logger().detachAppender(log);
    }

    @Test
    void is_never_hidden_behind_a_puback_and_named_in_the_log() throws Exception {
        try (LocalHub hub =
                LocalHub.start(LocalHubOptions.builder().data(Data.in(folder)).build())) {
            deleteAll(folder.resolve("events"));
            int acknowledged = 0;
            try (PahoDevice device = PahoDevice.of(hub, DEVICE).will(TOPIC, "gone", 1, false)) {
                device.connect();
                while (acknowledged < MANY) {
                    device.publish(TOPIC, LARGE, 1, false);
                    acknowledged++;
                }
            } catch (MqttException lost) {
                assertThat(lost.getReasonCode()).isEqualTo(MqttException.REASON_CODE_CONNECTION_LOST);
            }
            assertThat(acknowledged).isPositive().isLessThan(MANY);
            assertThat(stored(hub)).isEqualTo(acknowledged);
            assertThat(log.list)
                    .map(ILoggingEvent::getFormattedMessage)
                    .anyMatch(line -> line.contains("device1")
                            && line.contains("cannot begin a new file in [" + folder.resolve("events")));
            await().untilAsserted(() ->
                    assertThat(hub.engine().sessions().current(DEVICE)).isEmpty());
        }
    }

    private static long stored(LocalHub hub) {
        long all = 0;
        for (int i = 0; i < hub.engine().events().partitions(); i++) {
            all += hub.engine().events().info(i).lastSequenceNumber() + 1;
        }
        return all;
    }

    private static void deleteAll(Path root) throws IOException {
        try (Stream<Path> found = Files.walk(root)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
