package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.TestDevices;
import io.hubwire.localhub.engine.EngineOptions;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.mqtt.MqttUserName;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * Clients that send nonsense, beside one that does not. A few seconds by default; an hour, from another seed, with
 *
 * <pre>
 * mvn -Dquick -pl local-hub -am test -Dtest=MqttFuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dhubwire.fuzz.duration=PT1H -Dhubwire.fuzz.seed=42
 * </pre>
 */
@Timeout(value = 3, unit = TimeUnit.HOURS)
class MqttFuzzTest {
    private static final Duration DURATION = Duration.parse(System.getProperty("hubwire.fuzz.duration", "PT3S"));
    private static final long SEED = Long.getLong("hubwire.fuzz.seed", 1);
    private static final int ATTACKERS = 2;
    private static final int READ_MILLIS = 20;
    /** The event log is bounded by this, so that telemetry among the nonsense does not count as growth. */
    private static final long EVENT_BYTES = 1 << 20;

    private static final long GROWTH_BYTES = 24 << 20;

    private final LocalHub hub = LocalHub.start(LocalHubOptions.builder()
            .engine(options -> options.withEvents(
                    new EngineOptions.Events(1, options.events().retention(), EVENT_BYTES)))
            .build());
    private final AtomicLong conversations = new AtomicLong();
    private final Complaints complaints = new Complaints();

    /** What the hub and the broker say while they are being sent nonsense. */
    private static final class Complaints extends AppenderBase<ILoggingEvent> {
        private final AtomicLong reasons = new AtomicLong();
        private final Queue<String> failures = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            String text = event.getFormattedMessage();
            if (event.getLevel().isGreaterOrEqual(Level.ERROR) || text.contains("ncaught")) {
                failures.add(event.getLoggerName() + ": " + text + " " + event.getThrowableProxy());
            } else if (text.startsWith("refused") || text.startsWith("cut")) {
                reasons.incrementAndGet();
            }
        }
    }

    @Test
    void goes_on_serving_the_well_behaved_and_does_not_grow() throws Exception {
        Logger all = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger hubs = (Logger) LoggerFactory.getLogger("io.hubwire.localhub.mqtt");
        complaints.start();
        all.addAppender(complaints);
        hubs.addAppender(complaints);
        hubs.setLevel(Level.INFO);
        hubs.setAdditive(false);
        Identity victim = TestDevices.create(hub);
        try (hub;
                PahoDevice healthy = PahoDevice.of(hub, victim)) {
            healthy.connect();
            healthy.subscribe("$iothub/twin/res/#", 0);
            Instant start = Instant.now();
            attack(start.plus(DURATION.dividedBy(4)), SEED, victim, healthy);
            long before = usedHeap();
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            attack(start.plus(DURATION), SEED + 1_000, victim, healthy);

            assertThat(complaints.failures).isEmpty();
            assertThat(complaints.reasons.get()).as("reasons logged").isPositive();
            await().untilAsserted(() ->
                    assertThat(hub.engine().sessions().count()).as("sessions").isEqualTo(1));
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
                    .as("threads")
                    .isLessThanOrEqualTo(threads + 16); // the broker's own pool, whose size the processors decide
            await().untilAsserted(() ->
                    assertThat(usedHeap() - before).as("bytes more").isLessThan(GROWTH_BYTES));
            System.out.printf(
                    "fuzzed for %s with seed %d: %d connections, %d reasons logged, heap %+d KiB, threads %+d%n",
                    Duration.between(start, Instant.now()),
                    SEED,
                    conversations.get(),
                    complaints.reasons.get(),
                    (usedHeap() - before) / 1024,
                    ManagementFactory.getThreadMXBean().getThreadCount() - threads);
        } finally {
            hubs.setLevel(null);
            hubs.detachAppender(complaints);
            hubs.setAdditive(true);
            all.detachAppender(complaints);
        }
    }

    private void attack(Instant end, long seed, Identity victim, PahoDevice healthy) throws Exception {
        ExecutorService attackers = Executors.newFixedThreadPool(ATTACKERS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < ATTACKERS; i++) {
                Identity attacker = TestDevices.create(hub);
                long own = seed + i;
                running.add(attackers.submit(() -> attack(end, new PacketFuzzer(own, attacker.deviceId()), attacker)));
            }
            for (int request = 1; Instant.now().isBefore(end); request++) {
                healthy.publish("devices/" + victim + "/messages/events/n=" + request, "healthy");
                healthy.publish("$iothub/twin/GET/?$rid=" + request, "");
                assertThat(healthy.next().topic()).isEqualTo("$iothub/twin/res/200/?$rid=" + request);
            }
            for (Future<?> each : running) {
                each.get(1, TimeUnit.MINUTES);
            }
        } finally {
            attackers.shutdownNow();
        }
    }

    private Void attack(Instant end, PacketFuzzer fuzzer, Identity attacker) throws Exception {
        SSLSocketFactory tls = TlsTrust.pem(hub.caFile()).context().getSocketFactory();
        byte[] connect = SilentClient.connectPacket(
                attacker.clientId(),
                MqttUserName.of(hub.host(), attacker).format(),
                PahoDevice.token(hub, attacker, Instant.now().plus(DURATION).plusSeconds(3600)),
                60);
        while (Instant.now().isBefore(end)) {
            try (SilentClient client = SilentClient.open(hub, tls)) {
                conversations.incrementAndGet();
                client.send(fuzzer.conversation(connect));
                client.readFor(READ_MILLIS);
            } catch (IOException cut) {
                continue; // which is what most of it deserves
            }
        }
        return null;
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
