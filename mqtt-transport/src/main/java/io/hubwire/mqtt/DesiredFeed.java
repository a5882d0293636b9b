package io.hubwire.mqtt;

import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings desired properties to the application: drives a {@link DesiredGate} with the patches that come and the twins
 * that are fetched. Runs in the client's {@link Serial}.
 */
final class DesiredFeed {
    private static final Logger log = LoggerFactory.getLogger(DesiredFeed.class);
    private static final Duration FETCH_AGAIN_AFTER = Duration.ofSeconds(5);
    /** Updates that may wait for the application; beyond that one complete document is worth more than all of them. */
    private static final int MOST_OPEN = 100;

    private final DesiredGate gate = new DesiredGate();
    private final Executor callbacks;
    private final Serial serial;
    private final Timer timer;
    private final Supplier<CompletableFuture<Twin>> fetchTwin;
    private @Nullable DesiredHandler handler;
    private int connection;
    private int open;
    private boolean lost;

    DesiredFeed(Executor callbacks, Serial serial, Timer timer, Supplier<CompletableFuture<Twin>> fetchTwin) {
        this.callbacks = callbacks;
        this.serial = serial;
        this.timer = timer;
        this.fetchTwin = fetchTwin;
    }

    void handle(DesiredHandler next) {
        handler = next;
    }

    /** Subscribed, and requests may be sent. */
    void connected() {
        if (handler != null) {
            connection++;
            act(gate.connected());
        }
    }

    void disconnected() {
        connection++;
        gate.disconnected();
    }

    void patched(long version, byte[] body) {
        try {
            act(gate.patch(DesiredUpdate.patch(version, body)));
        } catch (RemoteProtocolException unreadable) {
            log.warn("desired properties version {} could not be read; fetching the twin", version, unreadable);
            act(gate.patchLost());
        }
    }

    private void act(DesiredGate.Outcome outcome) {
        outcome.apply().forEach(this::hand);
        if (outcome.fetch()) {
            fetch();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // both ends are dealt with
    private void fetch() {
        int current = connection;
        fetchTwin.get().whenComplete((twin, failure) -> {
            if (current != connection) {
                return; // the next connection fetches for itself
            }
            if (failure == null) {
                act(gate.fetched(twin.desired()));
            } else {
                log.warn("twin could not be fetched, trying again: {}", failure.getMessage());
                timer.schedule(
                        FETCH_AGAIN_AFTER,
                        () -> serial.execute(() -> {
                            if (current == connection) {
                                fetch();
                            }
                        }));
            }
        });
    }

    private void hand(DesiredUpdate update) {
        DesiredHandler to = handler;
        if (to == null) {
            return;
        }
        if (open >= MOST_OPEN) {
            lost = true;
            return;
        }
        open++;
        callbacks.execute(() -> {
            try {
                to.handle(update);
            } catch (Exception failed) {
                log.warn("handler of desired properties failed for version {}", update.version(), failed);
            } finally {
                serial.execute(this::handled);
            }
        });
    }

    private void handled() {
        open--;
        if (lost && open == 0) {
            lost = false;
            act(gate.connected()); // what was left out is in the complete document
        }
    }
}
