package io.hubwire.localhub;

import io.hubwire.localhub.amqp.AmqpOptions;
import io.hubwire.localhub.engine.EngineOptions;
import io.hubwire.localhub.engine.SharedAccessPolicy;
import io.hubwire.localhub.management.ManagementOptions;
import io.hubwire.localhub.mqtt.MqttSettings;
import io.hubwire.localhub.store.log.Sync;
import io.hubwire.localhub.throttling.Quota;
import io.hubwire.protocol.time.Timer;
import io.hubwire.protocol.trace.WireTrace;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a local hub is made of. Everything has a default: {@code LocalHubOptions.builder().build()} is a hub on free ports
 * of the loopback addresses that keeps nothing when it ends.
 *
 * @param hosts names and addresses by which it is called, beside {@code localhost}, {@code 127.0.0.1}, {@code ::1} and the
 *     machine's own; the first is the one that connection strings show
 * @param addresses to listen on; empty means the loopback addresses
 * @param insideBroker whether MQTT runs on the HiveMQ whose extension this code is, and not on one that the hub starts
 * @param mqttPort 0 to 65535; 0 means any free one, as with the other ports
 * @param amqp ports and consumer groups of the AMQP endpoint
 * @param caFolder where the certificate authority lives; null means a new authority that ends with the hub
 * @param data where the hub keeps all it knows; null for memory
 * @param ownPolicies of the hub and of its DPS, instead of the public development keys; null for the latter
 * @param engine changes what the engine starts with: partitions, retention, C2D queue and so on
 * @param mqtt choices of the MQTT endpoint
 * @param webhookLimit how long DPS waits for the webhook of a custom allocation policy; above zero
 * @param management pace of configurations, life of query tokens
 * @param clock the hub's time; certificates follow {@code wallClock} instead
 * @param timer on the same time as {@code clock}; null means one on the system's time
 * @param wallClock the time of the peers, by which they check certificates
 * @param trace sees every packet and request
 */
public record LocalHubOptions(
        List<String> hosts,
        List<InetAddress> addresses,
        boolean insideBroker,
        int mqttPort,
        int httpsPort,
        AmqpOptions amqp,
        @Nullable Path caFolder,
        @Nullable Data data,
        @Nullable OwnPolicies ownPolicies,
        UnaryOperator<EngineOptions> engine,
        MqttSettings mqtt,
        Duration webhookLimit,
        ManagementOptions management,
        Clock clock,
        @Nullable Timer timer,
        Clock wallClock,
        WireTrace trace) {
    /**
     * A data folder.
     *
     * @param sync what a change survives once it is acknowledged
     * @param eventBytes what one partition of the event log may take; older events go first
     * @param blobBytes what uploaded files may take
     */
    public record Data(Path folder, Sync sync, long eventBytes, long blobBytes) {
        /** 256 MB of events a partition, 4 GB of files; survives the end of the process. */
        public static Data in(Path folder) {
            return new Data(folder, Sync.PROCESS, 256L << 20, 4L << 30);
        }

        public Data withSync(Sync value) {
            return new Data(folder, value, eventBytes, blobBytes);
        }
    }

    /** Shared access policies with keys that are nobody else's. */
    public record OwnPolicies(List<SharedAccessPolicy> hub, List<SharedAccessPolicy> dps) {
        public OwnPolicies {
            hub = List.copyOf(hub);
            dps = List.copyOf(dps);
        }
    }

    public LocalHubOptions {
        hosts = List.copyOf(hosts);
        addresses = List.copyOf(addresses);
        if (ownPolicies == null && !addresses.stream().allMatch(InetAddress::isLoopbackAddress)) {
            throw new IllegalArgumentException(
                    "a hub with the public development keys listens on loopback only, not on " + addresses
                            + "; give it keys of its own");
        }
        if (timer == null && clock != wallClock) {
            throw new IllegalArgumentException("a hub with a clock of its own needs a timer on the same time");
        }
    }

    /** Free ports, loopback, a new authority, the system's time, no trace. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private final List<String> hosts = new ArrayList<>();
        private final List<InetAddress> addresses = new ArrayList<>();
        private boolean insideBroker;
        private int mqttPort;
        private int httpsPort;
        private AmqpOptions amqp = AmqpOptions.tls(0);
        private @Nullable Path caFolder;
        private @Nullable Data data;
        private @Nullable OwnPolicies ownPolicies;
        private UnaryOperator<EngineOptions> engine = options -> options;
        private MqttSettings mqtt = MqttSettings.defaults();
        private Duration webhookLimit = Duration.ofSeconds(10);
        private ManagementOptions management = ManagementOptions.defaults();
        private final Clock wallClock = Clock.systemUTC();
        private Clock clock = wallClock;
        private @Nullable Timer timer;
        private WireTrace trace = WireTrace.NONE;

        private Builder() {}

        /** One more name or address the hub is called by; the first one given is advertised. */
        public Builder host(String nameOrAddress) {
            hosts.add(nameOrAddress);
            return this;
        }

        /** One more address to listen on, instead of the loopback addresses. */
        public Builder address(InetAddress address) {
            addresses.add(address);
            return this;
        }

        /**
         * Makes the HiveMQ whose extension this code is the hub, instead of starting one; the hub is to be started on the thread
         * on which that broker starts the extension.
         */
        public Builder insideBroker() {
            insideBroker = true;
            return this;
        }

        public Builder mqttPort(int port) {
            mqttPort = port;
            return this;
        }

        public Builder httpsPort(int port) {
            httpsPort = port;
            return this;
        }

        public Builder amqpPort(int port) {
            amqp = amqp.withPort(port);
            return this;
        }

        /** The AMQP port that readers of events are sent to, where it is not the hub's own, as with a container's. */
        public Builder amqpAdvertisedPort(int port) {
            amqp = amqp.withAdvertisedPort(port);
            return this;
        }

        /** A second AMQP port without TLS, on loopback: for clients that know an emulator by it. */
        public Builder amqpPlainPort(int port) {
            amqp = amqp.withPlainPort(port);
            return this;
        }

        /** Keeps the authority between runs, in files readable by their owner only. */
        public Builder caFolder(Path folder) {
            caFolder = folder;
            return this;
        }

        /** Keeps all the hub knows in a folder, which is made if need be and belongs to one hub at a time. */
        public Builder data(Data folder) {
            data = folder;
            return this;
        }

        /** Keys of one's own: needed to listen beyond loopback. No ready-made device then. */
        public Builder ownPolicies(List<SharedAccessPolicy> hub, List<SharedAccessPolicy> dps) {
            ownPolicies = new OwnPolicies(hub, dps);
            return this;
        }

        /** Changes what the engine starts with; several changes are made one after another. */
        public Builder engine(UnaryOperator<EngineOptions> change) {
            UnaryOperator<EngineOptions> before = engine;
            engine = options -> change.apply(before.apply(options));
            return this;
        }

        /** Throttling and messages a day of a tier; no limits by default. */
        public Builder quota(Quota quota) {
            return engine(options -> options.withQuota(quota));
        }

        public Builder mqtt(MqttSettings settings) {
            mqtt = settings;
            return this;
        }

        /** How long DPS waits for a webhook; default 10 s. */
        public Builder webhookLimit(Duration limit) {
            webhookLimit = limit;
            return this;
        }

        /** How fast configurations reach devices, and how long a query's next page waits. */
        public Builder management(ManagementOptions options) {
            management = options;
            return this;
        }

        /** Time from elsewhere, such as a test's. */
        public Builder time(Clock newClock, Timer newTimer) {
            clock = newClock;
            timer = newTimer;
            return this;
        }

        public Builder trace(WireTrace newTrace) {
            trace = newTrace;
            return this;
        }

        /** @throws IllegalArgumentException for an address beyond loopback without keys of one's own */
        public LocalHubOptions build() {
            return new LocalHubOptions(
                    hosts,
                    addresses,
                    insideBroker,
                    mqttPort,
                    httpsPort,
                    amqp,
                    caFolder,
                    data,
                    ownPolicies,
                    engine,
                    mqtt,
                    webhookLimit,
                    management,
                    clock,
                    timer,
                    wallClock,
                    trace);
        }
    }
}
