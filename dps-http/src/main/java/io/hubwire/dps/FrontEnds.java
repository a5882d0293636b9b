package io.hubwire.dps;

import io.hubwire.https.HttpsClient;
import io.hubwire.https.HttpsOptions;
import io.hubwire.protocol.time.Timer;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The hosts of one DPS: the one that was named, and those it redirects to. Thread-safe. */
final class FrontEnds implements AutoCloseable {
    private final HttpsOptions options;
    private final Clock clock;
    private final Timer timer;
    private final RandomGenerator random;
    private final Map<String, HttpsClient> clients = new HashMap<>();
    private boolean closed;

    FrontEnds(HttpsOptions options, Clock clock, Timer timer, RandomGenerator random) {
        this.options = options;
        this.clock = clock;
        this.timer = timer;
        this.random = random;
    }

    String firstHost() {
        return options.hostName();
    }

    /** @throws IllegalStateException when closed */
    synchronized HttpsClient at(String host) {
        if (closed) {
            throw new IllegalStateException("the client for [" + options.hostName() + "] is closed");
        }
        return clients.computeIfAbsent(
                host, h -> HttpsClient.open(options.toBuilder(h).build(), clock, timer, random));
    }

    @Override
    public void close() {
        Map<String, HttpsClient> open;
        synchronized (this) {
            closed = true;
            open = Map.copyOf(clients);
            clients.clear();
        }
        open.values().forEach(HttpsClient::close); // outside the lock: it waits for threads that may want it
    }
}
