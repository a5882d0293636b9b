package io.hubwire.events;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.EventHubConnectionString;
import io.hubwire.protocol.InvalidInputException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What to read, and from where on. Immutable; each method returns a copy. */
public final class EventStreamOptions {
    /** The consumer group every endpoint has. */
    public static final String DEFAULT_CONSUMER_GROUP = "$Default";

    private static final int DEFAULT_PREFETCH = 300;
    private static final int MAX_PREFETCH = 100_000;

    private final Origin origin;
    private final AmqpSettings settings;
    private final String consumerGroup;
    private final StartPosition start;
    private final Set<String> partitions;
    private final int prefetch;
    private final @Nullable Long ownerLevel;
    private final @Nullable CheckpointStore checkpoints;

    /** Whose events. */
    private sealed interface Origin {
        record Hub(ConnectionString hub) implements Origin {}

        record Endpoint(EventHubConnectionString events) implements Origin {}
    }

    private EventStreamOptions(
            Origin origin,
            AmqpSettings settings,
            String consumerGroup,
            StartPosition start,
            Set<String> partitions,
            int prefetch,
            @Nullable Long ownerLevel,
            @Nullable CheckpointStore checkpoints) {
        this.origin = origin;
        this.settings = settings;
        this.consumerGroup = consumerGroup;
        this.start = start;
        this.partitions = partitions;
        this.prefetch = prefetch;
        this.ownerLevel = ownerLevel;
        this.checkpoints = checkpoints;
    }

    /** The events of a hub whose policy this is; the hub tells where they are read. */
    public static EventStreamOptions of(ConnectionString hub) {
        return of(new Origin.Hub(hub));
    }

    /** The events at an Event-Hubs-compatible endpoint. */
    public static EventStreamOptions of(EventHubConnectionString events) {
        return of(new Origin.Endpoint(events));
    }

    /** Either kind of connection string. @throws InvalidInputException when it is neither */
    public static EventStreamOptions parse(String connectionString) {
        return connectionString.regionMatches(true, 0, "Endpoint=", 0, "Endpoint=".length())
                        || connectionString.contains(";Endpoint=")
                ? of(EventHubConnectionString.parse(connectionString))
                : of(ConnectionString.parseService(connectionString));
    }

    private static EventStreamOptions of(Origin origin) {
        return new EventStreamOptions(
                origin,
                AmqpSettings.defaults(),
                DEFAULT_CONSUMER_GROUP,
                StartPosition.latest(),
                Set.of(),
                DEFAULT_PREFETCH,
                null,
                null);
    }

    /** Port, trust, time-outs, trace. */
    public EventStreamOptions settings(AmqpSettings value) {
        return new EventStreamOptions(
                origin, value, consumerGroup, start, partitions, prefetch, ownerLevel, checkpoints);
    }

    /** {@code $Default} unless set. Readers of different groups do not disturb each other. */
    public EventStreamOptions consumerGroup(String value) {
        if (value.isBlank() || value.contains("/")) {
            throw new InvalidInputException("consumer group [" + value + "] is blank or has a slash in it");
        }
        return new EventStreamOptions(origin, settings, value, start, partitions, prefetch, ownerLevel, checkpoints);
    }

    /** Where to begin; only what arrives from now on unless set. A checkpoint goes before. */
    public EventStreamOptions from(StartPosition value) {
        return new EventStreamOptions(
                origin, settings, consumerGroup, value, partitions, prefetch, ownerLevel, checkpoints);
    }

    /** Only these partitions; all unless set. @param ids such as {@code 0} */
    public EventStreamOptions partitions(Set<String> ids) {
        return new EventStreamOptions(
                origin,
                settings,
                consumerGroup,
                start,
                Set.copyOf(new LinkedHashSet<>(ids)),
                prefetch,
                ownerLevel,
                checkpoints);
    }

    /**
     * How many events of each partition may wait to be taken; the service sends no more. An event has up to 256 KB.
     *
     * @param value 1 to 100,000; 300 unless set
     */
    public EventStreamOptions prefetch(int value) {
        if (value < 1 || value > MAX_PREFETCH) {
            throw new IllegalArgumentException("prefetch [" + value + "] is not within 1 to " + MAX_PREFETCH);
        }
        return new EventStreamOptions(
                origin, settings, consumerGroup, start, partitions, value, ownerLevel, checkpoints);
    }

    /**
     * Reads alone: other readers of the group with a lower level, or none, are cut off, and a later one with this or a
     * higher level takes over. The service calls it epoch.
     *
     * @param value from 0
     */
    public EventStreamOptions ownerLevel(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("owner level [" + value + "] is negative");
        }
        return new EventStreamOptions(origin, settings, consumerGroup, start, partitions, prefetch, value, checkpoints);
    }

    /** Begins where the store says, and remembers there what {@link EventStream#checkpoint} is told. */
    public EventStreamOptions checkpoints(CheckpointStore store) {
        return new EventStreamOptions(origin, settings, consumerGroup, start, partitions, prefetch, ownerLevel, store);
    }

    Optional<ConnectionString> hub() {
        return origin instanceof Origin.Hub h ? Optional.of(h.hub()) : Optional.empty();
    }

    Optional<EventHubConnectionString> endpoint() {
        return origin instanceof Origin.Endpoint e ? Optional.of(e.events()) : Optional.empty();
    }

    AmqpSettings settings() {
        return settings;
    }

    String consumerGroup() {
        return consumerGroup;
    }

    StartPosition start() {
        return start;
    }

    Set<String> partitions() {
        return partitions;
    }

    int prefetch() {
        return prefetch;
    }

    OptionalLong ownerLevel() {
        return ownerLevel == null ? OptionalLong.empty() : OptionalLong.of(ownerLevel);
    }

    Optional<CheckpointStore> checkpoints() {
        return Optional.ofNullable(checkpoints);
    }
}
