package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.LocalHub;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.service.Device;
import io.hubwire.service.IfMatch;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.ServiceOptions;
import io.hubwire.service.Twin;
import io.hubwire.service.TwinUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sixteen threads count in one twin, each by reading, adding one and writing back if nobody else did in between. */
@Timeout(120)
class ConcurrentTwinsTest {
    private static final int THREADS = 16;
    private static final int STEPS = 15;

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

    @Test
    void no_update_is_lost() throws Exception {
        Identity device = counter("counter");
        AtomicInteger conflicts = new AtomicInteger();
        inSixteenThreads(STEPS, () -> {
            while (!addOne(device)) {
                conflicts.incrementAndGet();
            }
        });

        assertCounted(device, THREADS * STEPS);
        assertThat(conflicts)
                .as("nobody got in anybody's way, so nothing was tested")
                .hasPositiveValue();
    }

    @Test
    void modify_loses_none_either_without_a_loop_of_the_callers() throws Exception {
        Identity device = counter("modified");
        int steps = 3;
        AtomicInteger attempts = new AtomicInteger();
        inSixteenThreads(steps, () -> hub.twins().blocking().modify(device, twin -> {
            attempts.incrementAndGet();
            int n = twin.tree().at("/properties/desired/n").asInt();
            return TwinUpdate.desired("{\"n\":" + (n + 1) + "}");
        }));

        assertCounted(device, THREADS * steps);
        assertThat(attempts)
                .as("nobody got in anybody's way, so nothing was tested")
                .hasValueGreaterThan(THREADS * steps);
    }

    private static Identity counter(String id) {
        hub.registry().blocking().create(Device.of(id));
        hub.twins().blocking().patch(Identity.device(id), TwinUpdate.desired("{\"n\":0}"), IfMatch.ANY);
        return Identity.device(id);
    }

    private static void inSixteenThreads(int steps, Runnable step) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            Callable<Void> work = () -> {
                for (int i = 0; i < steps; i++) {
                    step.run();
                }
                return null;
            };
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(threads.submit(work));
            }
            for (Future<Void> each : all) {
                each.get(100, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertCounted(Identity device, int times) {
        Twin twin = hub.twins().blocking().get(device);
        assertThat(twin.tree().at("/properties/desired/n").asInt()).isEqualTo(times);
        assertThat(twin.tree().at("/properties/desired/$version").asInt()).isEqualTo(2 + times);
    }

    private static boolean addOne(Identity device) {
        Twin twin = hub.twins().blocking().get(device);
        int n = twin.tree().at("/properties/desired/n").asInt();
        try {
            hub.twins()
                    .blocking()
                    .patch(
                            device,
                            TwinUpdate.desired("{\"n\":" + (n + 1) + "}"),
                            IfMatch.of(twin.tree().path("etag").asText()));
            return true;
        } catch (HubwireException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED);
            return false;
        }
    }
}
