package io.hubwire.localhub.engine;

import io.hubwire.localhub.store.log.Incident;
import io.hubwire.localhub.store.log.Sync;
import io.hubwire.localhub.throttling.Quota;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a hub behaves where a real one could be configured, or where no source settles what a real one does.
 *
 * @param names how the hub is called
 * @param policies shared access policies, for back ends and gateways
 * @param clockSkew how long after its end a token is still good; a real hub gives 300 s (sas-auth 5)
 * @param maxDevices identities a hub holds; a real one 1,000,000
 * @param quota rates and messages a day of a tier; null for a hub without limits
 */
public record EngineOptions(
        HubNames names,
        List<SharedAccessPolicy> policies,
        Duration clockSkew,
        int maxDevices,
        C2d c2d,
        Feedback feedback,
        Events events,
        Files files,
        Dps dps,
        @Nullable Quota quota) {
    public EngineOptions {
        policies = List.copyOf(policies);
    }

    /** A hub as it is when new. */
    public static EngineOptions of(HubNames names) {
        return new EngineOptions(
                names,
                SharedAccessPolicy.defaults(),
                Duration.ofMinutes(5),
                1_000_000,
                C2d.defaults(),
                Feedback.defaults(),
                Events.defaults(),
                Files.defaults(),
                Dps.defaults(),
                null);
    }

    public EngineOptions withPolicies(List<SharedAccessPolicy> value) {
        return new EngineOptions(names, value, clockSkew, maxDevices, c2d, feedback, events, files, dps, quota);
    }

    public EngineOptions withClockSkew(Duration value) {
        return new EngineOptions(names, policies, value, maxDevices, c2d, feedback, events, files, dps, quota);
    }

    public EngineOptions withMaxDevices(int value) {
        return new EngineOptions(names, policies, clockSkew, value, c2d, feedback, events, files, dps, quota);
    }

    public EngineOptions withC2d(C2d value) {
        return new EngineOptions(names, policies, clockSkew, maxDevices, value, feedback, events, files, dps, quota);
    }

    public EngineOptions withFeedback(Feedback value) {
        return new EngineOptions(names, policies, clockSkew, maxDevices, c2d, value, events, files, dps, quota);
    }

    public EngineOptions withEvents(Events value) {
        return new EngineOptions(names, policies, clockSkew, maxDevices, c2d, feedback, value, files, dps, quota);
    }

    public EngineOptions withFiles(Files value) {
        return new EngineOptions(names, policies, clockSkew, maxDevices, c2d, feedback, events, value, dps, quota);
    }

    public EngineOptions withDps(Dps value) {
        return new EngineOptions(names, policies, clockSkew, maxDevices, c2d, feedback, events, files, value, quota);
    }

    /** @param value null for a hub without limits */
    public EngineOptions withQuota(@Nullable Quota value) {
        return new EngineOptions(names, policies, clockSkew, maxDevices, c2d, feedback, events, files, dps, value);
    }

    /**
     * Cloud-to-device queues. Source: device-http 4.
     *
     * @param maxMessages of one queue, locked ones included
     * @param timeToLive of a message without an expiry of its own; 1 minute to 2 days
     * @param lock how long a received message stays invisible
     * @param maxDeliveryCount abandons after which a message is dead lettered, 1 to 100
     * @param countLockTimeouts whether a lock that runs out counts like an abandon, as older documentation has it
     */
    public record C2d(
            int maxMessages, Duration timeToLive, Duration lock, int maxDeliveryCount, boolean countLockTimeouts) {
        public static C2d defaults() {
            return new C2d(50, Duration.ofHours(1), Duration.ofMinutes(1), 10, false);
        }
    }

    /**
     * The feedback queue. Source: service-rest 13.4.
     *
     * @param timeToLive of a record nobody fetches
     * @param lock how long a fetched batch stays invisible
     * @param maxDeliveryCount how often a record is handed out, 1 to 100
     */
    public record Feedback(Duration timeToLive, Duration lock, int maxDeliveryCount) {
        public static Feedback defaults() {
            return new Feedback(Duration.ofHours(1), Duration.ofSeconds(60), 10);
        }
    }

    /**
     * The event log.
     *
     * @param partitions 1 to 32
     * @param retention how long an event can be read
     * @param maxBytes what one partition may take, in memory roughly, or on disk; older events go first
     * @param disk where events are kept; null for memory
     */
    public record Events(
            int partitions,
            Duration retention,
            long maxBytes,
            @Nullable Disk disk) {
        /**
         * Where events are kept.
         *
         * @param folder for the log alone
         * @param sync what an event must survive once it is acknowledged
         * @param incidents told of what had to be mended
         */
        public record Disk(Path folder, Sync sync, Consumer<Incident> incidents) {}

        public Events {
            if (partitions < 1 || partitions > 32) {
                throw new IllegalArgumentException("partitions [" + partitions + "] must be 1 to 32");
            }
        }

        /** In memory. */
        public Events(int partitions, Duration retention, long maxBytes) {
            this(partitions, retention, maxBytes, null);
        }

        public static Events defaults() {
            return new Events(4, Duration.ofDays(1), 48L << 20);
        }

        public Events withPartitions(int value) {
            return new Events(value, retention, maxBytes, disk);
        }

        public Events withRetention(Duration value) {
            return new Events(partitions, value, maxBytes, disk);
        }

        /** Keeps events in a folder, which is made if need be, so many bytes a partition. */
        public Events inFolder(Path folder, Sync sync, long bytes, Consumer<Incident> incidents) {
            return new Events(partitions, retention, bytes, new Disk(folder, sync, incidents));
        }
    }

    /**
     * File upload. Sources: device-http 6, service-rest 13.5, open-questions 51.
     *
     * @param maxOpen uploads that a device may have open
     * @param timeToLive how long an upload may take: its token and its correlation id last so long
     * @param maxBytes what all blobs may take
     * @param folder where blobs are kept; null for memory
     * @param notices the queue of notices to the back end
     */
    public record Files(
            int maxOpen,
            Duration timeToLive,
            long maxBytes,
            @Nullable Path folder,
            Feedback notices) {
        public static Files defaults() {
            return new Files(
                    10,
                    Duration.ofHours(1),
                    256L << 20,
                    null,
                    new Feedback(Duration.ofHours(1), Duration.ofSeconds(60), 100));
        }

        public Files withTimeToLive(Duration value) {
            return new Files(maxOpen, value, maxBytes, folder, notices);
        }

        /** Keeps blobs in a folder, which is made if need be. */
        public Files inFolder(Path value, long bytes) {
            return new Files(maxOpen, timeToLive, bytes, value, notices);
        }

        public Files withMaxBytes(long value) {
            return new Files(maxOpen, timeToLive, value, folder, notices);
        }
    }

    /**
     * The local DPS.
     *
     * @param assigning how long an assignment takes: the status is {@code assigning} until then
     * @param retryAfter what a 202 asks the device to wait, in whole seconds on the wire
     * @param pollsPer10Seconds how often a device may ask after its registration, 5 at the service
     * @param policies of its service API
     */
    public record Dps(
            Duration assigning, Duration retryAfter, int pollsPer10Seconds, List<SharedAccessPolicy> policies) {
        public Dps {
            policies = List.copyOf(policies);
        }

        public static Dps defaults() {
            return new Dps(Duration.ofMillis(50), Duration.ofSeconds(1), 5, SharedAccessPolicy.dpsDefaults());
        }

        public Dps withPolicies(List<SharedAccessPolicy> value) {
            return new Dps(assigning, retryAfter, pollsPer10Seconds, value);
        }
    }
}
