package io.hubwire.it.killed;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.devicehttp.DeviceHttpOptions;
import io.hubwire.devicehttp.HttpDeviceClient;
import io.hubwire.devicehttp.LockedMessage;
import io.hubwire.events.AmqpSettings;
import io.hubwire.events.Event;
import io.hubwire.events.EventStream;
import io.hubwire.events.EventStreamOptions;
import io.hubwire.events.StartPosition;
import io.hubwire.protocol.Identity;
import io.hubwire.service.Device;
import io.hubwire.service.FeedbackBatch;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.Twin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a hub with {@code kill -9} while devices and a back end work, and holds it to its word. Twice in a normal build;
 * fifty times with
 *
 * <pre>mvn -pl tests -am test -Dtest=KilledHubTest -Dsurefire.failIfNoSpecifiedTests=false -Dhubwire.kills=50</pre>
 *
 * The books are then in {@code tests/target/killed-hub.txt}.
 */
@Timeout(900)
class KilledHubTest {
    /** The books, and what each start found. */
    private static final Path REPORT = Path.of("target", "killed-hub.txt");

    private static final int KILLS = Integer.getInteger("hubwire.kills", 2);
    private static final Duration QUIET = Duration.ofSeconds(2);

    @TempDir
    private Path scratch;

    private final Books books = new Books();
    private final AtomicLong numbers = new AtomicLong();
    private final Random random = new Random(20_261_121);

    @Test
    void keeps_its_word_however_often_it_is_killed() throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            try (HubProcess hub = HubProcess.start(scratch)) {
                if (kill == 0) {
                    makeDevices(hub);
                } else {
                    compareState(hub);
                }
                Load load = new Load(hub, books, numbers);
                load.awaitBegun();
                hub.killAfter(Duration.ofMillis(random.nextInt(900)));
                load.close();
            }
        }
        try (HubProcess hub = HubProcess.start(scratch)) {
            compareState(hub);
            compareC2d(hub);
            compareEvents(hub);
        }
        List<String> report = new ArrayList<>(List.of(KILLS + " kills: " + books));
        Files.readAllLines(scratch.resolve("hub.log")).stream()
                .filter(line -> line.startsWith("data folder ["))
                .map(line -> line.substring(line.indexOf("]: ") + 3))
                .forEach(report::add);
        Files.write(REPORT, report);
        assertThat(books.events).hasSizeGreaterThan(10 * KILLS);
        assertThat(books.c2dCompleted).hasSizeGreaterThan(KILLS);
        assertThat(books.deleted).hasSizeGreaterThan(KILLS);
        assertThat(books.reported.acknowledged()).isGreaterThan(KILLS);
    }

    private static void makeDevices(HubProcess hub) {
        try (ServiceClient service = Load.service(hub)) {
            List<String> ids = new ArrayList<>(Load.SENDERS);
            ids.addAll(List.of(Load.TWIN, Load.INBOX));
            ids.forEach(id -> service.registry().blocking().create(Device.of(id)));
        }
    }

    private void compareState(HubProcess hub) {
        try (ServiceClient service = Load.service(hub)) {
            Twin twin = service.twins().blocking().get(Identity.device(Load.TWIN));
            assertThat(twin.reported().path("n").asLong())
                    .isBetween(books.reported.acknowledged(), books.reported.sent());
            assertThat(twin.tags().path("n").asLong()).isBetween(books.tags.acknowledged(), books.tags.sent());
            Set<String> there = new HashSet<>();
            service.queries().blocking().stream("SELECT deviceId FROM devices")
                    .forEach(row -> there.add(row.path("deviceId").asText()));
            assertThat(there).containsAll(books.created);
            assertThat(there).doesNotContainAnyElementsOf(books.deleted);
        }
    }

    /** Takes all that is left. Accepted is either completed or here; completed is not here, and has its feedback once. */
    private void compareC2d(HubProcess hub) throws Exception {
        Set<String> left = new HashSet<>();
        Map<String, Integer> feedback = new HashMap<>();
        try (ServiceClient service = Load.service(hub);
                HttpDeviceClient inbox =
                        HttpDeviceClient.open(DeviceHttpOptions.of(Load.connection(hub, service, Load.INBOX))
                                .https(https -> https.port(hub.httpsPort()).trust(hub.trust()))
                                .build())) {
            for (Optional<LockedMessage> next = inbox.blocking().receive();
                    next.isPresent();
                    next = inbox.blocking().receive()) {
                left.add(next.get().message().messageId().orElseThrow());
            }
            for (Optional<FeedbackBatch> batch = service.c2d().blocking().receiveFeedback();
                    batch.isPresent();
                    batch = service.c2d().blocking().receiveFeedback()) {
                batch.get().records().forEach(record -> feedback.merge(record.originalMessageId(), 1, Integer::sum));
                service.c2d().blocking().completeFeedback(batch.get().lockToken());
            }
        }
        assertThat(books.c2dSeenAgain).isEmpty();
        assertThat(left).doesNotContainAnyElementsOf(books.c2dCompleted);
        Set<String> lost = new HashSet<>(books.c2dAccepted);
        lost.removeAll(left);
        lost.removeAll(feedback.keySet()); // completed, though the answer may not have come
        assertThat(lost).as("accepted, and neither here nor completed").isEmpty();
        assertThat(feedback.keySet()).containsAll(books.c2dCompleted);
        assertThat(feedback.values()).containsOnly(1);
        assertThat(feedback.keySet()).doesNotContainAnyElementsOf(left);
    }

    private void compareEvents(HubProcess hub) {
        Map<String, List<Long>> read = new HashMap<>();
        Set<String> bodies = new HashSet<>();
        AmqpSettings amqp = AmqpSettings.defaults().port(hub.amqpPort()).trust(hub.trust());
        try (EventStream events = EventStream.open(
                EventStreamOptions.of(hub.owner()).settings(amqp).from(StartPosition.earliest()))) {
            for (Optional<Event> next = events.next(QUIET); next.isPresent(); next = events.next(QUIET)) {
                String body = next.get().message().text();
                int slash = body.indexOf('/');
                read.computeIfAbsent(body.substring(0, slash), sender -> new ArrayList<>())
                        .add(Long.parseLong(body.substring(slash + 1)));
                bodies.add(body);
            }
        }
        Set<String> lost = new HashSet<>(books.events);
        lost.removeAll(bodies);
        assertThat(lost).as("acknowledged and not in the log").isEmpty();
        read.values().forEach(numbersOfOne -> assertThat(numbersOfOne).isSorted());
    }
}
