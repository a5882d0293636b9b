package io.hubwire.it.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.LocalHubOptions.Data;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.localhub.store.log.Sync;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs the hub to keep its word: in memory, with a data folder, and with one that waits for the disk. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class DurabilityBenchmark {
    private static final int WINDOW = 100;
    private static final int DEVICES = 8;

    @Param({"memory", "data", "fsync"})
    public String storage;

    private final Incoming event = new Incoming(
            Identity.device("d0"),
            Message.builder(new byte[1024]).messageId("m").build(),
            Map.of("auth", "sas"));
    private final Semaphore window = new Semaphore(WINDOW);
    private final AtomicInteger threads = new AtomicInteger();
    private final ThreadLocal<Identity> device =
            ThreadLocal.withInitial(() -> Identity.device("d" + threads.getAndIncrement() % DEVICES));
    private Path folder;
    private LocalHub hub;

    /** A hub with a few devices. */
    @Setup
    public void start() throws IOException {
        folder = Files.createTempDirectory(Path.of("target"), "durability-");
        LocalHubOptions.Builder options = LocalHubOptions.builder();
        if (!storage.equals("memory")) {
            options.data(Data.in(folder).withSync(storage.equals("fsync") ? Sync.MACHINE : Sync.PROCESS));
        }
        hub = LocalHub.start(options.build());
        for (int i = 0; i < DEVICES; i++) {
            hub.engine().registry().create(Identity.device("d" + i), Json.object());
        }
    }

    /** Leaves nothing. */
    @TearDown
    public void stop() throws IOException {
        hub.close();
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.delete(each);
            }
        }
    }

    /** An event of 1 KB, with at most 100 not yet safe: what stands between a PUBLISH and its PUBACK. */
    @Benchmark
    public Object event() throws InterruptedException {
        window.acquire();
        return hub.engine().events().append(event, window::release);
    }

    /** A tag, one after another. */
    @Benchmark
    public ObjectNode twin() {
        return patch();
    }

    /** The same on eight threads, each with a device of its own: commits share a wait for the disk. */
    @Benchmark
    @Threads(DEVICES)
    public ObjectNode twinsOnEightThreads() {
        return patch();
    }

    private ObjectNode patch() {
        ObjectNode body = Json.parseObject("patch", "{\"tags\":{\"n\":" + System.nanoTime() + "}}");
        return hub.engine().twins().patch(device.get(), body, new ETagMatch.Any());
    }
}
