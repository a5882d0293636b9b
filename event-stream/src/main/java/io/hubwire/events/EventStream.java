package io.hubwire.events;

import io.hubwire.events.amqp.AmqpException;
import io.hubwire.events.amqp.Cancellation;
import io.hubwire.events.amqp.Threads;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.TransportException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The events devices send, read from the built-in endpoint over AMQP. In order within a partition, and so within a device.
 *
 * <p>Events are taken by {@link #next}, by iterating, by {@link #forEach(Consumer) forEach} or {@link #listen}, or through
 * {@link #publisher}; each event is handed out once, whoever takes it. Who takes slowly slows the service down, not the
 * heap: at most {@link EventStreamOptions#prefetch} events of a partition wait.
 *
 * <p>A lost connection is opened again with back-off and each partition goes on where it was; for how long this is tried is
 * said by {@link AmqpSettings#giveUpAfter}. The token is renewed meanwhile. When the stream ends for good, takers get what
 * had arrived and then the reason as an exception.
 *
 * <p>Thread-safe. Two threads for the connection, one that keeps it. Source: amqp 2 to 4.
 */
public final class EventStream implements Iterable<Event>, AutoCloseable {
    private static final Duration ROUND = Duration.ofSeconds(1);

    private final EventStreamOptions options;
    private final EventEndpoint endpoint;
    private final ConnectionKeeper keeper;
    private final EventBuffer<Event> buffer = new EventBuffer<>();
    private final Map<String, PartitionReader> readers = new LinkedHashMap<>();
    private final AtomicBoolean listened = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final String receiverName;
    private volatile String scope = "";

    private EventStream(EventStreamOptions options, Clock clock, RandomGenerator random) {
        this.options = options;
        Cancellation cancellation = new Cancellation();
        AmqpSettings settings = options.settings();
        Connector connector = new Connector(settings, clock, random, cancellation);
        this.receiverName = connector.containerId();
        this.endpoint = new EventEndpoint(options, connector, random);
        this.keeper = new ConnectionKeeper(
                "events-stream", new Reading(), new Backoff(random), clock, settings.giveUpAfter(), cancellation);
    }

    /**
     * Connects, finds the partitions and begins to read. Blocks until that is done.
     *
     * @throws HubwireException UNREACHABLE, TIMED_OUT, TLS_FAILED, UNAUTHORIZED, NOT_FOUND (entity or consumer group),
     *     INVALID_ARGUMENT (partition), TAKEN_OVER (a reader with a higher owner level), STORAGE_FAILED; nothing is left
     *     running
     */
    public static EventStream open(EventStreamOptions options) {
        return open(options, Clock.systemUTC(), new SecureRandom());
    }

    static EventStream open(EventStreamOptions options, Clock clock, RandomGenerator random) {
        EventStream stream = new EventStream(options, clock, random);
        stream.keeper.start();
        return stream;
    }

    /** The partitions read. */
    public List<String> partitions() {
        synchronized (readers) {
            return List.copyOf(readers.keySet());
        }
    }

    /** Those of them that another reader with the same or a higher owner level has taken over. */
    public List<String> lostPartitions() {
        synchronized (readers) {
            return readers.values().stream()
                    .filter(PartitionReader::isLost)
                    .map(PartitionReader::partition)
                    .toList();
        }
    }

    /**
     * Takes the next event of any partition.
     *
     * @param timeout zero or less for what has arrived already
     * @return empty when none arrived in time
     * @throws HubwireException why the stream has ended, CANCELLED after {@link #close}
     */
    public Optional<Event> next(Duration timeout) {
        try {
            return buffer.next(timeout);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new TransportException(ErrorCode.CANCELLED, "interrupted while waiting for an event", asked);
        }
    }

    /** Blocks for each event; ends when the stream is closed, and throws when it failed. */
    @Override
    public Iterator<Event> iterator() {
        return new Iterator<>() {
            private @Nullable Event ahead;

            @Override
            public boolean hasNext() {
                while (ahead == null && !closed.get()) {
                    ahead = nextUnlessClosed().orElse(null);
                }
                return ahead != null;
            }

            @Override
            public Event next() {
                Event event = hasNext() ? ahead : null;
                if (event == null) {
                    throw new NoSuchElementException("the stream is closed");
                }
                ahead = null;
                return event;
            }
        };
    }

    /**
     * Hands each event to {@code handler}, one after the other, on a thread of its own. Once for a stream.
     *
     * @param handler may block; an exception it throws ends the stream
     * @param ended told once: empty after {@link #close}, else why the stream ended
     * @throws IllegalStateException when somebody listens already
     */
    public void listen(Consumer<? super Event> handler, Consumer<Optional<Throwable>> ended) {
        if (!listened.compareAndSet(false, true)) {
            throw new IllegalStateException("somebody listens to this stream already");
        }
        Threads.start("hubwire-events-listener", () -> {
            try {
                forEach(handler);
                ended.accept(Optional.empty());
            } catch (RuntimeException failed) {
                close();
                ended.accept(Optional.of(failed));
            }
        });
    }

    /**
     * The events as a publisher for one subscriber, who is called on a thread of the stream's own. Cancelling closes the
     * stream.
     */
    public Flow.Publisher<Event> publisher() {
        return subscriber -> {
            if (!listened.compareAndSet(false, true)) {
                EventSubscription.refuse(subscriber);
                return;
            }
            new EventSubscription(this, subscriber).start();
        };
    }

    /**
     * Remembers in the store that this event and all before it in its partition are done. Blocks while the store writes.
     *
     * @throws IllegalStateException without {@link EventStreamOptions#checkpoints}
     * @throws HubwireException STORAGE_FAILED
     */
    public void checkpoint(Event event) {
        CheckpointStore store = options.checkpoints()
                .orElseThrow(() -> new IllegalStateException("the options name no checkpoint store"));
        store.save(scope, event.partition(), Checkpoint.of(event));
    }

    /** Ends reading and forgets what has not been taken. Idempotent; takes less than a second. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            buffer.close();
            keeper.close();
        }
    }

    boolean isClosed() {
        return closed.get();
    }

    /** Waits a second at most; a stream that was closed meanwhile has no more. */
    Optional<Event> nextUnlessClosed() {
        try {
            return next(ROUND);
        } catch (HubwireException ended) {
            if (closed.get()) {
                return Optional.empty();
            }
            throw ended;
        }
    }

    /** What the connection is for. On the keeper's thread. */
    private final class Reading implements ConnectionKeeper.Use {
        private EventEndpoint.@Nullable Connected connected;

        @Override
        public Connector.Live connect() {
            EventEndpoint.Connected found = endpoint.connect();
            connected = found;
            return found.live();
        }

        @Override
        public void setUp(Connector.Live live) {
            for (PartitionReader reader : prepared()) {
                attach(reader, live);
            }
        }

        @Override
        public void gaveUp(HubwireException why) {
            buffer.end(why);
        }

        private List<PartitionReader> prepared() {
            EventEndpoint.Connected current = Objects.requireNonNull(connected);
            synchronized (readers) {
                if (!readers.isEmpty()) {
                    return readers.values().stream().filter(r -> !r.isLost()).toList();
                }
            }
            scope = String.join("/", current.live().destination().hostname(), current.entity(), options.consumerGroup())
                    .toLowerCase(Locale.ROOT);
            Map<String, Checkpoint> checkpoints =
                    options.checkpoints().map(store -> store.load(scope)).orElse(Map.of());
            EventHubManagement management =
                    EventHubManagement.open(current.live().connection(), current.entity());
            Set<String> ids = options.partitions().isEmpty() ? management.partitions() : options.partitions();
            Map<String, StartPosition> starts = new LinkedHashMap<>();
            ids.forEach(id -> starts.put(
                    id, checkpoints.containsKey(id) ? checkpoints.get(id).next() : options.start()));
            resolveLatest(starts, management);
            synchronized (readers) {
                starts.forEach((id, start) -> readers.put(id, reader(current.entity(), id, start)));
                return List.copyOf(readers.values());
            }
        }

        /** Now and only now: a line that is lost before the first event must not move what latest means. */
        private static void resolveLatest(Map<String, StartPosition> starts, EventHubManagement management) {
            Set<String> latest = new LinkedHashSet<>(starts.keySet());
            latest.removeIf(id -> !(starts.get(id) instanceof StartPosition.Latest));
            starts.putAll(management.ends(latest));
        }

        private PartitionReader reader(String entity, String id, StartPosition start) {
            String address = entity + "/ConsumerGroups/" + options.consumerGroup() + "/Partitions/" + id;
            return new PartitionReader(
                    new PartitionReader.Plan(id, address, options.prefetch(), options.ownerLevel(), receiverName),
                    start,
                    buffer,
                    this::trouble);
        }

        private void attach(PartitionReader reader, Connector.Live live) {
            try {
                reader.attach(live.connection());
            } catch (AmqpException refused) {
                if (!reader.isLost() || allLost()) {
                    throw refused;
                }
            }
        }

        /** A link ended. One that was taken over leaves the others alone; any other reason begins all again. */
        private void trouble(PartitionReader reader, HubwireException why) {
            if (!reader.isLost() || allLost()) {
                keeper.broken(why);
            }
        }

        private boolean allLost() {
            synchronized (readers) {
                return readers.values().stream().allMatch(PartitionReader::isLost);
            }
        }
    }
}
