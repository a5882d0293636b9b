package io.hubwire.devicehttp;

import io.hubwire.auth.ConnectionString;
import io.hubwire.https.AuthorizedCalls;
import io.hubwire.https.Await;
import io.hubwire.https.HttpsClient;
import io.hubwire.https.HttpsOptions;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.time.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A device or module over HTTPS: for those that speak seldom, or may speak nothing else. Opens no connection before the
 * first call; tokens are kept and renewed. Safe for any thread.
 *
 * <pre>{@code
 * try (HttpDeviceClient device = HttpDeviceClient.open(ConnectionString.parse(text))) {
 *     device.blocking().send(Message.of("{\"windSpeed\":12}"));
 *     device.blocking().receive().ifPresent(m -> device.blocking().complete(m.lockToken()));
 *     device.files().blocking().upload(Path.of("flight.log"), "logs/flight.log", UploadOptions.defaults());
 * }
 * }</pre>
 *
 * <p>Operations return a stage. It fails with
 * <ul>
 *   <li>{@link io.hubwire.https.ServiceException} when the hub refused: HTTP status, error number, tracking id, and a code
 *       to act on;
 *   <li>{@link io.hubwire.protocol.TransportException} when the hub was not reached or did not answer in time; after
 *       {@code CONNECTION_LOST} and {@code TIMED_OUT} it may have done what was asked;
 *   <li>{@link io.hubwire.protocol.RemoteProtocolException} when the answer could not be read.
 * </ul>
 * What is wrong before anything is sent is thrown at once, as {@link io.hubwire.protocol.InvalidInputException}; a client that
 * is closed throws {@link IllegalStateException}. Stages run on threads of the client: do not block in a dependent action.
 */
public final class HttpDeviceClient implements AutoCloseable {
    private static final int NO_CONTENT = 204;

    private final Identity identity;
    private final HttpsClient https;
    private final AuthorizedCalls calls;
    private final DeviceRequests requests;
    private final FileUploads files;
    private final Clock clock;
    private final Blocking blocking = new Blocking();
    private final Set<C2dPolling> pollings = ConcurrentHashMap.newKeySet();

    private HttpDeviceClient(DeviceHttpOptions options, Function<HttpsOptions, HttpsClient> open, Clock clock) {
        this.identity = options.identity();
        this.https = open.apply(options.https());
        this.calls = new AuthorizedCalls(https, Optional.ofNullable(options.tokens()), clock, options.apiVersion());
        this.requests = new DeviceRequests(identity);
        this.files = new FileUploads(calls, requests, identity.toString(), options.https(), open);
        this.clock = clock;
    }

    /** A client on port 443 with the platform's roots. */
    public static HttpDeviceClient open(ConnectionString device) {
        return open(DeviceHttpOptions.of(device).build());
    }

    /** A client with the system's clock. */
    public static HttpDeviceClient open(DeviceHttpOptions options) {
        return new HttpDeviceClient(options, HttpsClient::open, Clock.systemUTC());
    }

    /**
     * A client whose time and chance come from the caller.
     *
     * @param timer stays the caller's, who closes it after this client
     * @param random used from several threads
     */
    public static HttpDeviceClient open(DeviceHttpOptions options, Clock clock, Timer timer, RandomGenerator random) {
        return new HttpDeviceClient(options, https -> HttpsClient.open(https, clock, timer, random), clock);
    }

    public Identity identity() {
        return identity;
    }

    /** The same, waiting. */
    public Blocking blocking() {
        return blocking;
    }

    /** Uploads to the blob storage that belongs to the hub. Devices only. */
    public FileUploads files() {
        return files;
    }

    /**
     * Sends an event. Sent once, never repeated, since a second would be another event.
     *
     * @return a stage that completes when the hub has stored it; fails as the class says, with {@code THROTTLED} or {@code
     *     QUOTA_EXCEEDED} among others
     * @throws io.hubwire.protocol.InvalidInputException when it counts more than 262,144 bytes, its id is not one, or a
     *     property holds what an HTTP header cannot carry
     */
    public CompletableFuture<Void> send(Message message) {
        return calls.send(requests.event(message)).thenAccept(answer -> {});
    }

    /**
     * Sends several events in one request; the hub takes all or none.
     *
     * @param messages at least one; together they count at most 262,144 bytes
     * @return a stage that completes when the hub has stored them
     * @throws io.hubwire.protocol.InvalidInputException as {@link #send}, and names the element
     */
    public CompletableFuture<Void> sendBatch(List<Message> messages) {
        return calls.send(requests.batch(messages)).thenAccept(answer -> {});
    }

    /** Takes the next message and locks it for a minute, or completes with nothing when none waits: HTTPS does not wait. */
    public CompletableFuture<Optional<LockedMessage>> receive() {
        Instant lockedUntil = clock.instant().plus(DeviceRequests.LOCK);
        return calls.send(requests.receive())
                .thenApply(answer -> answer.status() == NO_CONTENT
                        ? Optional.empty()
                        : Optional.of(LockedMessage.read(answer, lockedUntil)));
    }

    /**
     * Done with a message. Fails with {@code PRECONDITION_FAILED} (412002) when the lock has run out, or was never ours:
     * the message comes, or came, again.
     */
    public CompletableFuture<Void> complete(String lockToken) {
        return calls.send(requests.complete(lockToken)).thenAccept(answer -> {});
    }

    /** Gives a message back; it comes again at once. Fails as {@link #complete}. */
    public CompletableFuture<Void> abandon(String lockToken) {
        return calls.send(requests.abandon(lockToken)).thenAccept(answer -> {});
    }

    /** Refuses a message for good. Fails as {@link #complete}. */
    public CompletableFuture<Void> reject(String lockToken) {
        return calls.send(requests.reject(lockToken)).thenAccept(answer -> {});
    }

    /** One of {@link #complete}, {@link #abandon}, {@link #reject}, and fails as they do. */
    public CompletableFuture<Void> settle(String lockToken, Settlement settlement) {
        return switch (settlement) {
            case COMPLETE -> complete(lockToken);
            case ABANDON -> abandon(lockToken);
            case REJECT -> reject(lockToken);
        };
    }

    /** Asks for messages now and every 25 minutes, the interval that Microsoft recommends; the log says so. */
    public C2dPolling poll(Function<LockedMessage, Settlement> handler) {
        return poll(C2dPolling.RECOMMENDED_INTERVAL, handler);
    }

    /**
     * Asks for messages now and at intervals.
     *
     * @param interval above zero; below 25 minutes the log warns
     * @param handler runs on a thread of the polling and may block, but for less than the lock's minute. When it throws,
     *     the message is given back
     * @throws IllegalArgumentException when the interval is not above zero
     */
    public C2dPolling poll(Duration interval, Function<LockedMessage, Settlement> handler) {
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("interval [" + interval + "] must be above zero");
        }
        C2dPolling polling = new C2dPolling(this, https, interval, handler);
        pollings.add(polling);
        return polling.start();
    }

    /**
     * Ends calls under way with {@code CANCELLED}, polling, and uploads, whose failure the hub is told if it answers
     * quickly. Returns within about a second; harmless when repeated.
     */
    @Override
    public void close() {
        files.close();
        https.close();
        pollings.forEach(C2dPolling::close);
    }

    /** {@link HttpDeviceClient}, waiting for each answer; failures are thrown. */
    public final class Blocking {
        private Blocking() {}

        /** @see HttpDeviceClient#send */
        public void send(Message message) {
            Await.on(HttpDeviceClient.this.send(message));
        }

        /** @see HttpDeviceClient#sendBatch */
        public void sendBatch(List<Message> messages) {
            Await.on(HttpDeviceClient.this.sendBatch(messages));
        }

        /** @see HttpDeviceClient#receive */
        public Optional<LockedMessage> receive() {
            return Await.on(HttpDeviceClient.this.receive());
        }

        /** @see HttpDeviceClient#complete */
        public void complete(String lockToken) {
            Await.on(HttpDeviceClient.this.complete(lockToken));
        }

        /** @see HttpDeviceClient#abandon */
        public void abandon(String lockToken) {
            Await.on(HttpDeviceClient.this.abandon(lockToken));
        }

        /** @see HttpDeviceClient#reject */
        public void reject(String lockToken) {
            Await.on(HttpDeviceClient.this.reject(lockToken));
        }

        /** @see HttpDeviceClient#settle */
        public void settle(String lockToken, Settlement settlement) {
            Await.on(HttpDeviceClient.this.settle(lockToken, settlement));
        }
    }
}
