package io.hubwire.events;

import io.hubwire.events.amqp.Cancellation;
import io.hubwire.events.amqp.Threads;
import io.hubwire.events.amqp.Waiting;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.TransportException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection up, on a thread of its own: connects, sets up, renews the token, and begins again with back-off when
 * the connection is lost, until it is closed, the service refuses for good, or the outage lasts too long.
 */
final class ConnectionKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionKeeper.class);
    /** A connection that lasted this long was good: the next attempt comes soon. */
    private static final Duration STABLE = Duration.ofSeconds(30);
    /** How often to look after a connection that is up, at least. */
    private static final Duration ROUND = Duration.ofSeconds(5);

    /** What makes the connection useful. Everything blocks, and throws what went wrong. */
    interface Use {
        /** Opens a connection. */
        Connector.Live connect();

        /** Opens the links. */
        void setUp(Connector.Live live);

        /** It will not come back. Last call, unless {@link ConnectionKeeper#close} comes first. */
        void gaveUp(HubwireException why);
    }

    private final String name;
    private final Use use;
    private final Backoff backoff;
    private final Clock clock;
    private final Duration giveUpAfter;
    private final Cancellation cancellation;
    private final CompletableFuture<Void> firstUp = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile boolean up;
    private volatile @Nullable Thread thread;
    private volatile CompletableFuture<HubwireException> trouble = new CompletableFuture<>();
    private volatile Connector.@Nullable Live live;

    ConnectionKeeper(
            String name, Use use, Backoff backoff, Clock clock, Duration giveUpAfter, Cancellation cancellation) {
        this.name = name;
        this.use = use;
        this.backoff = backoff;
        this.clock = clock;
        this.giveUpAfter = giveUpAfter;
        this.cancellation = cancellation;
    }

    /** Connects; blocks until it is up. @throws HubwireException when the first attempt fails: then nothing is left running */
    void start() {
        thread = Threads.start("hubwire-" + name, this::run);
        try {
            Waiting.on(firstUp);
        } catch (HubwireException failed) {
            close();
            throw failed;
        }
    }

    /** Something on the connection is broken: begin again. From any thread. */
    void broken(HubwireException why) {
        trouble.complete(why);
    }

    Connector.@Nullable Live live() {
        return live;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!up) {
            cancellation.cancel(); // a connection that is up says good-bye, and before it what was settled
        }
        trouble.complete(cancelled());
        Thread running = thread;
        try {
            if (running != null && Thread.currentThread() != running) {
                if (!up) {
                    running.interrupt(); // it connects, or waits for an answer or the next attempt
                }
                ended.await(900, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            Instant lastUp = clock.instant();
            while (!closed) {
                HubwireException why;
                Instant began = clock.instant();
                try (Connector.Live current = use.connect()) {
                    trouble = new CompletableFuture<>();
                    live = current;
                    use.setUp(current);
                    firstUp.complete(null);
                    up = true;
                    why = closed ? cancelled() : awaitTrouble(current);
                    lastUp = clock.instant();
                } catch (HubwireException failed) {
                    why = failed;
                } finally {
                    up = false;
                    live = null;
                }
                if (closed || !goOn(why, lastUp)) {
                    stop(why);
                    return;
                }
                if (began.plus(STABLE).isBefore(clock.instant())) {
                    backoff.reset();
                }
                Duration wait = backoff.next();
                LOG.info("{}: {}; next attempt in {} ms", name, why.getMessage(), wait.toMillis());
                pause(wait);
            }
        } catch (RuntimeException unexpected) {
            LOG.error("{} failed", name, unexpected);
            stop(new TransportException(ErrorCode.CONNECTION_LOST, name + " failed: " + unexpected, unexpected));
        } finally {
            ended.countDown();
        }
    }

    private TransportException cancelled() {
        return new TransportException(ErrorCode.CANCELLED, name + " was closed");
    }

    private boolean goOn(HubwireException why, Instant lastUp) {
        boolean outageTooLong = lastUp.plus(giveUpAfter).isBefore(clock.instant());
        return firstUp.isDone() && why.code().retryable() && !outageTooLong;
    }

    private void stop(HubwireException why) {
        boolean first = firstUp.completeExceptionally(why);
        if (!first && !closed) {
            use.gaveUp(why);
        }
    }

    /** Waits for the end of the connection or of a link, putting tokens meanwhile. */
    private HubwireException awaitTrouble(Connector.Live current) {
        CompletableFuture<Object> any =
                CompletableFuture.anyOf(current.connection().onEnd(), trouble);
        while (true) {
            Duration timeout = current.connection().timeout();
            Instant look = clock.instant().plus(timeout.compareTo(ROUND) < 0 ? timeout : ROUND);
            Duration wait =
                    Duration.between(clock.instant(), current.renewAt().isAfter(look) ? look : current.renewAt());
            try {
                return (HubwireException) any.get(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS);
            } catch (TimeoutException stillUp) {
                current.connection().cutIfStalled();
                if (!closed && !clock.instant().isBefore(current.renewAt())) {
                    current.putToken(clock.instant());
                }
            } catch (ExecutionException impossible) {
                throw Waiting.reason(impossible);
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
                return new TransportException(ErrorCode.CANCELLED, name + " was interrupted", asked);
            }
        }
    }

    private void pause(Duration wait) {
        CompletableFuture<HubwireException> closing = new CompletableFuture<>();
        trouble = closing;
        if (closed) {
            return;
        }
        try {
            closing.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException done) {
            LOG.trace("{}: trying again", name);
        } catch (ExecutionException impossible) {
            throw Waiting.reason(impossible);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }
}
