package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.dps.Assignment;
import io.hubwire.dps.Attestation;
import io.hubwire.dps.ProvisioningClient;
import io.hubwire.dps.ProvisioningOptions;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.EngineOptions;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.localhub.engine.SharedAccessPolicy;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.trace.WireTrace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fleet that is switched on at once. */
@Timeout(240)
class MassRegistrationTest {
    private static final int DEVICES = 2_000;
    private static final int THREADS = 24;

    @Test
    void two_thousand_devices_register_at_once_through_one_group() throws Exception {
        Map<String, LongAdder> requests = new ConcurrentHashMap<>();
        try (LocalHub hub = LocalHub.start(LocalHubOptions.builder()
                .engine(options -> options.withDps(new EngineOptions.Dps(
                        Duration.ofMillis(50), Duration.ofSeconds(3), 5, SharedAccessPolicy.dpsDefaults())))
                .build())) {
            SymmetricKey group = SymmetricKey.ofBase64(hub.engine()
                    .provisioning()
                    .putEnrollment(
                            Kind.GROUP,
                            "fleet",
                            Json.parseObject("enrollment", "{\"attestation\":{\"type\":\"symmetricKey\"}}"),
                            new ETagMatch.Absent())
                    .at("/attestation/symmetricKey/primaryKey")
                    .asText());
            AtomicInteger mostThreads = new AtomicInteger();
            Duration took;
            List<Assignment> assignments;
            try (ProvisioningClient first = ProvisioningClient.open(
                    ProvisioningOptions.of(hub.idScope(), Attestation.ofGroupKey("truck-0", group))
                            .host(hub.host())
                            .https(h -> h.port(hub.httpsPort())
                                    .trust(TlsTrust.pem(hub.caFile()))
                                    .maxConcurrent(THREADS)
                                    .maxPending(DEVICES)
                                    .trace(event -> count(requests, event)))
                            .build())) {
                long began = System.nanoTime();
                List<CompletableFuture<Assignment>> all = IntStream.range(0, DEVICES)
                        .mapToObj(i -> first.forAnother(Attestation.ofGroupKey("truck-" + i, group))
                                .register())
                        .toList();
                for (CompletableFuture<Assignment> one : all) {
                    one.get(200, TimeUnit.SECONDS);
                    mostThreads.accumulateAndGet(clientThreads(), Math::max);
                }
                took = Duration.ofNanos(System.nanoTime() - began);
                assignments = all.stream().map(CompletableFuture::join).toList();
            }
            assertThat(assignments).allSatisfy(a -> assertThat(a.hubHostName()).isEqualTo(hub.host()));
            assertThat(assignments.stream().map(Assignment::deviceId).collect(Collectors.toSet()))
                    .as("none is assigned twice")
                    .hasSize(DEVICES);
            assertThat(hub.engine().provisioning().listRegistrations("fleet"))
                    .hasSize(DEVICES)
                    .allSatisfy(r -> assertThat(r.path("status").asText()).isEqualTo("assigned"));
            assertThat(hub.engine()
                            .registry()
                            .deviceStatistics()
                            .path("totalDeviceCount")
                            .asInt())
                    .isEqualTo(DEVICES + 1); // and the ready-made one
            long registers = requests.get("PUT").sum();
            long polls = requests.get("GET").sum();
            assertThat(registers).as("nobody registers twice").isEqualTo(DEVICES);
            assertThat(polls).as("nobody asks before he was told to").isEqualTo(DEVICES);
            assertThat(mostThreads).as("one more or less lingers for a moment").hasValueLessThanOrEqualTo(2 * THREADS);
            System.out.printf(
                    "%d devices registered in %d ms: %d requests, at most %d threads%n",
                    DEVICES, took.toMillis(), registers + polls, mostThreads.get());
        }
    }

    private static void count(Map<String, LongAdder> requests, WireTrace.Event event) {
        if (event.direction() == WireTrace.Direction.OUT) {
            requests.computeIfAbsent(event.kind().split(" ")[0], method -> new LongAdder())
                    .increment();
        }
    }

    private static int clientThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("hubwire-https-")
                        || thread.getName().startsWith("hubwire-dps"))
                .count();
    }
}
