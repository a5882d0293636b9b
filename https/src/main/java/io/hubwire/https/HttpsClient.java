package io.hubwire.https;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.time.Timer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * An HTTPS client for one host. Connections are pooled, TLS is 1.2 or newer, the server's name is checked by the JDK
 * during the handshake, each call has one deadline over all its attempts, and only repeatable requests are repeated.
 *
 * <p>Safe for any thread. Its threads are daemons named {@code hubwire-https-…} and are gone when {@link #close()}
 * returns. (OkHttp keeps one daemon of its own per JVM for idle connections; it ends by itself within two minutes.)
 */
public final class HttpsClient implements AutoCloseable {
    private static final long CLOSE_MILLIS = 500;

    private final HttpsOptions options;
    private final OkHttpClient http;
    private final HttpUrl base;
    private final ThreadPoolExecutor threads;
    private final Exchange.Surroundings surroundings;
    private final @Nullable ScheduledTimer ownTimer;
    private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();
    private final AtomicInteger pendingCount = new AtomicInteger();
    private volatile boolean closed;

    private HttpsClient(
            HttpsOptions options, Clock clock, Timer timer, RandomGenerator random, @Nullable ScheduledTimer ownTimer) {
        this.options = options;
        this.threads = daemons(options);
        this.http = OkHttpSetup.client(options, threads);
        this.base = OkHttpSetup.base(options);
        this.surroundings = new Exchange.Surroundings(options, clock, timer, random);
        this.ownTimer = ownTimer;
    }

    /**
     * A client with the system's clock, a timer of its own and unpredictable jitter. Opens no connection yet.
     *
     * @throws io.hubwire.protocol.InvalidInputException when the host name cannot be one
     */
    public static HttpsClient open(HttpsOptions options) {
        ScheduledTimer timer = new ScheduledTimer("hubwire-https-timer");
        return new HttpsClient(options, Clock.systemUTC(), timer, new SecureRandom(), timer);
    }

    /**
     * A client whose deadlines, pauses and jitter come from the caller.
     *
     * @param timer stays the caller's, who closes it after this client
     * @param random used from several threads
     */
    public static HttpsClient open(HttpsOptions options, Clock clock, Timer timer, RandomGenerator random) {
        return new HttpsClient(options, clock, timer, random, null);
    }

    public HttpsOptions options() {
        return options;
    }

    /**
     * Sends {@code request}, again where {@link HttpsRequest#isRepeatable()} and {@link RetryPolicy} allow.
     *
     * @return a stage that completes
     *     <ul>
     *       <li>normally with the last answer, whatever its status; {@link ServiceErrors#requireSuccess} makes errors of
     *           those that are;
     *       <li>with {@link TransportException} code {@code UNREACHABLE}, {@code TLS_FAILED}, {@code CONNECTION_LOST},
     *           {@code TIMED_OUT}, {@code QUEUE_FULL} or, after {@link #close()}, {@code CANCELLED}. After
     *           {@code CONNECTION_LOST} and {@code TIMED_OUT} the request may have been carried out;
     *       <li>with {@link io.hubwire.protocol.RemoteProtocolException} when the answer is not HTTP or too long.
     *     </ul>
     *     Runs on a thread of this client: do not block in a dependent action. Cancelling it gives up the call.
     * @throws IllegalStateException if the client is closed
     */
    public CompletableFuture<HttpsResponse> send(HttpsRequest request) {
        if (closed) {
            throw new IllegalStateException("the client for [" + options.hostName() + "] is closed");
        }
        Exchange exchange = new Exchange(request, OkHttpSetup.request(request, base, options), http, surroundings);
        if (pendingCount.incrementAndGet() > options.maxPending()) {
            pendingCount.decrementAndGet();
            return CompletableFuture.failedFuture(new TransportException(
                    ErrorCode.QUEUE_FULL,
                    request + " not sent: [" + options.maxPending() + "] calls are under way, the limit set"));
        }
        return tracked(exchange.start());
    }

    /**
     * A pause between calls that depend on each other: for pollers and for writers who compete.
     *
     * @param length zero or less is over at once
     * @return a stage that completes on the timer's thread, or with {@code CANCELLED} when the client is closed meanwhile
     */
    public CompletableFuture<Void> pause(Duration length) {
        pendingCount.incrementAndGet();
        CompletableFuture<Void> over = new CompletableFuture<>();
        Timer.Scheduled end = surroundings.timer().schedule(length, () -> over.complete(null));
        over.whenComplete((nothing, failure) -> end.cancel());
        return tracked(over);
    }

    private <T> CompletableFuture<T> tracked(CompletableFuture<T> stage) {
        pending.add(stage);
        stage.whenComplete((value, failure) -> {
            pending.remove(stage);
            pendingCount.decrementAndGet();
        });
        if (closed) {
            stage.completeExceptionally(closing()); // close() may have looked through the set before this one was in it
        }
        return stage;
    }

    /**
     * Ends all calls under way with {@code CANCELLED} and closes the connections. Returns within a second; harmless when
     * repeated.
     */
    @Override
    public void close() {
        closed = true;
        pending.forEach(stage -> stage.completeExceptionally(closing()));
        http.dispatcher().cancelAll();
        threads.shutdownNow();
        if (ownTimer != null) {
            ownTimer.close();
        }
        awaitThreads(threads);
        http.connectionPool().evictAll();
    }

    private TransportException closing() {
        return new TransportException(
                ErrorCode.CANCELLED, "the client for [" + options.hostName() + "] was closed during the call");
    }

    private static void awaitThreads(ExecutorService threads) {
        try {
            // a thread may hang in a name look-up, which nothing interrupts; it is a daemon and ends with it
            threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadPoolExecutor daemons(HttpsOptions options) {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "hubwire-https-" + number.incrementAndGet() + "-" + options.hostName());
            thread.setDaemon(true);
            return thread;
        });
    }
}
