package io.hubwire.service;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.https.RetryPolicy;
import io.hubwire.https.loopback.LoopbackServer;
import io.hubwire.protocol.time.FakeTime;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** A scripted hub and a client for it, with time and chance under control. */
final class TestHub implements AutoCloseable {
    static final String HOST = "hub.example-devices.net";
    static final String POLICY = "service";
    static final SymmetricKey KEY = SymmetricKey.ofBase64("c2VydmljZS1rZXktMzItYnl0ZXMtbG9uZy0wMTIzNDU=");
    static final Instant START = Instant.parse("2024-01-02T03:04:05Z");
    private static final RandomGenerator NO_CHANCE = () -> 0L;

    final LoopbackServer server = LoopbackServer.start(HOST);
    final FakeTime time = new FakeTime(START);

    /** A client that sends each request once. */
    ServiceClient client(String apiVersion) {
        return ServiceClient.open(options().apiVersion(apiVersion).build(), time, time, NO_CHANCE);
    }

    ServiceClient client() {
        return client(ServiceOptions.DEFAULT_API_VERSION);
    }

    ServiceOptions.Builder options() {
        return ServiceOptions.of(ConnectionString.ofPolicy(HOST, POLICY, KEY)).https(h -> h.port(server.port())
                .connectHost("127.0.0.1")
                .trust(server.trust())
                .retry(RetryPolicy.NEVER));
    }

    @Override
    public void close() {
        server.close();
    }
}
