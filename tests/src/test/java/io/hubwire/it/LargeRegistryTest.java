package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.LocalHub;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import io.hubwire.service.BulkEntry;
import io.hubwire.service.Configuration;
import io.hubwire.service.Device;
import io.hubwire.service.IfMatch;
import io.hubwire.service.Job;
import io.hubwire.service.JobSpec;
import io.hubwire.service.Page;
import io.hubwire.service.PageRequest;
import io.hubwire.service.RegistryTransfer;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.ServiceOptions;
import io.hubwire.service.TwinUpdate;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * A large registry, through the back end's client: made, asked, changed, exported and deleted. A thousand devices, or as many
 * as {@code -Dhubwire.test.devices=10000} says, a multiple of a thousand. Each step prints what it took, and the heap of the JVM with hub
 * and client after a full collection; {@code docs/benchmarks.md} quotes it. The steps build on each other.
 */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LargeRegistryTest {
    private static final int DEVICES = Integer.getInteger("hubwire.test.devices", 1_000);

    private static LocalHub localHub;
    private static ServiceClient hub;

    @BeforeAll
    static void start() {
        localHub = LocalHub.start();
        hub = ServiceClient.open(ServiceOptions.of(ConnectionString.parse(localHub.connectionString("iothubowner")))
                .https(h -> h.port(localHub.httpsPort()).trust(TlsTrust.pem(localHub.caFile())))
                .build());
    }

    @AfterAll
    static void stop() {
        hub.close();
        localHub.close();
    }

    private static <T> T timed(String what, Callable<T> step) throws Exception {
        long begin = System.nanoTime();
        T result = step.call();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        System.gc(); // else the figure says how long ago the last collection was
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
        System.out.printf("%,d devices: %-52s %6d ms, heap %4d MB%n", DEVICES, what, millis, heap);
        return result;
    }

    private static String id(int i) {
        return String.format("large-%05d", i);
    }

    private static List<DeviceId> ids() {
        return IntStream.range(0, DEVICES).mapToObj(i -> new DeviceId(id(i))).toList();
    }

    @Test
    @Order(1)
    void makes_them_in_bulk() throws Exception {
        timed("create, 100 a call", () -> {
            List<DeviceId> ids = ids();
            for (int from = 0; from < DEVICES; from += 100) {
                List<BulkEntry> entries = ids.subList(from, from + 100).stream()
                        .map(id -> BulkEntry.create(Device.of(id.value())))
                        .toList();
                assertThat(hub.registry().blocking().bulk(entries).isSuccessful())
                        .isTrue();
            }
            return DEVICES;
        });
        timed("tag the twins, 100 a call", () -> {
            for (int from = 0; from < DEVICES; from += 100) {
                List<BulkEntry> entries = new ArrayList<>();
                for (int i = from; i < from + 100; i++) {
                    entries.add(BulkEntry.updateTwin(
                            Identity.device(id(i)),
                            TwinUpdate.tags("{\"building\":" + i % 10 + ",\"level\":" + i % 100 + "}"),
                            IfMatch.ANY));
                }
                assertThat(hub.registry().blocking().bulk(entries).isSuccessful())
                        .isTrue();
            }
            return DEVICES;
        });
        assertThat(hub.statistics().blocking().devices().total()).isGreaterThanOrEqualTo(DEVICES);
    }

    @Test
    @Order(2)
    void asks_them_by_condition_and_by_group() throws Exception {
        List<ObjectNode> some =
                timed("SELECT deviceId WHERE two conditions: 1 of 100", () -> hub.queries().blocking().stream(
                                "SELECT deviceId FROM devices WHERE tags.building = 3 AND tags.level IN [13]")
                        .toList());
        assertThat(some).hasSize(DEVICES / 100);
        List<ObjectNode> groups = timed("COUNT and AVG, GROUP BY: 10 groups", () -> hub.queries().blocking().stream(
                        "SELECT tags.building AS building, COUNT() AS n, AVG(tags.level) AS mean FROM devices"
                                + " WHERE IS_DEFINED(tags.building) GROUP BY tags.building")
                .toList());
        assertThat(groups)
                .hasSize(10)
                .allSatisfy(row -> assertThat(row.path("n").asInt()).isEqualTo(DEVICES / 10));
    }

    @Test
    @Order(3)
    void reads_them_page_by_page_each_once() throws Exception {
        Set<String> seen = new HashSet<>();
        int pages = timed("SELECT * in pages of 1,000", () -> {
            PageRequest next = PageRequest.first(1_000);
            int count = 0;
            Optional<String> token;
            do {
                Page<ObjectNode> page =
                        hub.queries().blocking().page("SELECT * FROM devices WHERE IS_DEFINED(tags.building)", next);
                page.items()
                        .forEach(row -> assertThat(seen.add(row.path("deviceId").asText()))
                                .isTrue());
                token = page.continuation();
                next = token.map(next::after).orElse(next);
                count++;
            } while (token.isPresent());
            return count;
        });
        assertThat(seen).hasSize(DEVICES);
        assertThat(pages).isEqualTo(DEVICES / 1_000);
    }

    @Test
    @Order(4)
    void changes_them_by_a_job() throws Exception {
        timed("job: update each twin", () -> {
            hub.jobs()
                    .blocking()
                    .scheduleTwinUpdate(
                            JobSpec.now("all", "IS_DEFINED(tags.building)"), TwinUpdate.desired("{\"x\":1}"));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> hub.jobs().blocking().get("all").status().isEnd());
            return DEVICES;
        });
        Job job = hub.jobs().blocking().get("all");
        assertThat(job.counts().succeeded()).isEqualTo(DEVICES);
        assertThat(job.counts().failed()).isZero();
    }

    @Test
    @Order(5)
    void configures_them_within_a_few_seconds() throws Exception {
        timed("configuration: write and count each twin", () -> {
            hub.configurations()
                    .blocking()
                    .create(Configuration.builder("everyone")
                            .targetCondition("IS_DEFINED(tags.building)")
                            .deviceContent("{\"properties.desired.configured\":true}")
                            .build());
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> hub.configurations()
                            .blocking()
                            .get("everyone")
                            .systemMetrics()
                            .getOrDefault("appliedCount", 0L)
                            .equals((long) DEVICES));
            return DEVICES;
        });
        assertThat(hub.twins()
                        .blocking()
                        .get(Identity.device(id(DEVICES - 1)))
                        .tree()
                        .at("/properties/desired/configured")
                        .asBoolean())
                .isTrue();
        hub.configurations().blocking().delete("everyone", IfMatch.ANY);
    }

    @Test
    @Order(6)
    void exports_them_one_a_line() throws Exception {
        String container = localHub.registryContainer(Duration.ofMinutes(10));
        timed("export to the hub's container", () -> {
            Job started = hub.jobs().blocking().start(RegistryTransfer.exportTo(container, false));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> hub.jobs()
                            .blocking()
                            .getTransfer(started.id())
                            .status()
                            .isEnd());
            return started;
        });
        String blob = container.replace("/registry?", "/registry/devices.txt?");
        HttpClient http = HttpClient.newBuilder()
                .sslContext(TlsTrust.pem(localHub.caFile()).context())
                .build();
        HttpResponse<Stream<String>> answer =
                http.send(HttpRequest.newBuilder(URI.create(blob)).build(), HttpResponse.BodyHandlers.ofLines());
        assertThat(answer.body().filter(line -> line.contains("\"id\":\"large-")))
                .hasSize(DEVICES);
    }

    @Test
    @Order(7)
    void deletes_them_in_bulk() throws Exception {
        timed("delete, 100 a call", () -> {
            List<DeviceId> ids = ids();
            for (int from = 0; from < DEVICES; from += 100) {
                List<BulkEntry> entries = ids.subList(from, from + 100).stream()
                        .map(id -> BulkEntry.delete(Identity.device(id.value()), IfMatch.ANY))
                        .toList();
                assertThat(hub.registry().blocking().bulk(entries).isSuccessful())
                        .isTrue();
            }
            return DEVICES;
        });
        assertThat(hub.queries().blocking().stream("SELECT * FROM devices WHERE IS_DEFINED(tags.building)"))
                .isEmpty();
    }
}
