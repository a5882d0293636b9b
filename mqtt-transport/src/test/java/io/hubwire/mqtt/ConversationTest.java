package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What tests have in common that let a device talk to a {@link ScriptedHub}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ConversationTest {
    static final SymmetricKey KEY =
            SymmetricKey.ofBytes("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));

    final ScriptedHub hub = ScriptedHub.start();
    final Queue<ConnectionChange> changes = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
        hub.close();
    }

    /** Quick retries, since nobody waits gladly for a test. */
    ClientOptions.Builder options() {
        return ClientOptions.builder()
                .port(hub.port())
                .trust(ScriptedHub.trust())
                .connectTimeout(Duration.ofSeconds(5))
                .retry(new RetryPolicy(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofSeconds(20)));
    }

    /** A device {@code dev1} that is closed after the test. */
    DeviceClient device(Consumer<ClientOptions.Builder> changes) {
        ClientOptions.Builder options = options();
        changes.accept(options);
        return device(ConnectionString.ofIdentity("localhost", Identity.device("dev1"), KEY), options.build());
    }

    DeviceClient device(ConnectionString connection, ClientOptions options) {
        DeviceClient device = closing(DeviceClient.of(connection, options));
        device.onConnectionChange(changes::add);
        return device;
    }

    /** Closed after the test. */
    <T extends AutoCloseable> T closing(T client) {
        toClose.add(client);
        return client;
    }

    DeviceClient device() {
        return device(options -> {});
    }

    /** Connects a device without subscriptions. */
    Conversation connect(DeviceClient device) {
        CompletableFuture<Void> connecting = device.connect();
        Conversation link = hub.acceptSession();
        connecting.join();
        return link;
    }

    /** Connects a device with subscriptions. */
    Conversation connectAndGrant(DeviceClient device) {
        CompletableFuture<Void> connecting = device.connect();
        Conversation link = hub.acceptAndGrant();
        connecting.join();
        return link;
    }

    /** The failure that a stage ends with. */
    static HubwireException failureOf(CompletableFuture<?> stage) {
        Throwable[] seen = new Throwable[1];
        assertThat(stage).failsWithin(20, TimeUnit.SECONDS).withThrowableThat().satisfies(e -> seen[0] = e.getCause());
        assertThat(seen[0]).isInstanceOf(HubwireException.class);
        return (HubwireException) seen[0];
    }

    static ErrorCode codeOf(CompletableFuture<?> stage) {
        return failureOf(stage).code();
    }
}
