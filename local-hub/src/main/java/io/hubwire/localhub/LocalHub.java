package io.hubwire.localhub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.EventHubConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.LocalHubOptions.OwnPolicies;
import io.hubwire.localhub.amqp.AmqpEndpoint;
import io.hubwire.localhub.broker.MqttEndpoint;
import io.hubwire.localhub.endpoint.EndpointContext;
import io.hubwire.localhub.engine.EngineOptions;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubEngine;
import io.hubwire.localhub.engine.HubNames;
import io.hubwire.localhub.engine.SharedAccessPolicy;
import io.hubwire.localhub.https.HttpsEndpoint;
import io.hubwire.localhub.management.DeviceManagement;
import io.hubwire.localhub.mqtt.MqttHub;
import io.hubwire.localhub.store.Store;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.localhub.webhook.HttpWebhook;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.time.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * An IoT Hub with its DPS in this process: official SDKs connect to it unmodified, once they trust {@link #caFile}.
 *
 * <pre>{@code
 * try (LocalHub hub = LocalHub.start()) {
 *     String device = hub.deviceConnectionString("device1"); // HostName=localhost;DeviceId=device1;…
 *     int port = hub.mqttPort();
 * }
 * }</pre>
 *
 * Starts in about 0.2 s once the JVM is warm (1.5 s before), stops in 0.1 s, and leaves no thread, port or file. Several
 * may run beside each other. Thread-safe.
 */
public final class LocalHub implements AutoCloseable {
    private static final String EVENT_ENTITY = "hubwire-events";
    private static final String ID_SCOPE = "0ne00000000";

    private final EngineOptions engineOptions;
    private final HubEngine engine;
    private final HubTls tls;
    private final MqttEndpoint mqtt;
    private final HttpsEndpoint https;
    private final DeviceManagement management;
    private final Clock clock;
    private final AmqpEndpoint amqp;
    private final String found;
    private final Closing closing;

    private LocalHub(LocalHubOptions options, Closing closing) throws IOException, GeneralSecurityException {
        this.closing = closing;
        SecureRandom random = new SecureRandom();
        EngineOptions asked = engineOptions(options);
        HubData data = new HubData(options.data(), asked.events().partitions(), options.wallClock(), closing);
        engineOptions = data.applyTo(asked);
        HubNames names = engineOptions.names();
        tls = HubTls.open(caFolder(options, closing), names.hosts(), options.wallClock(), random);
        Store store = data.store();
        Timer timer = options.timer() == null ? closing.last(new SystemTimer()) : options.timer();
        HttpWebhook webhook = closing.last(new HttpWebhook(
                TlsTrust.pem(tls.caFile()).context().getSocketFactory(), timer, options.webhookLimit()));
        engine = closing.last(
                new HubEngine(engineOptions, store, options.clock(), timer, random, options.trace(), webhook));
        data.restored();
        if (options.ownPolicies() == null && data.isNew()) {
            ReadyMadeDevice.createIn(engine.registry());
        }
        EndpointContext context = new EndpointContext(engine, tls, addresses(options));
        MqttHub mqttHub = closing.last(new MqttHub(engine, store, options.mqtt(), random));
        mqtt = closing.last(mqttEndpoint(context, options, mqttHub, closing));
        amqp = closing.last(AmqpEndpoint.start(context, options.amqp()));
        clock = options.clock();
        management = closing.last(new DeviceManagement(engine, store, options.management(), random));
        https = closing.last(HttpsEndpoint.start(
                context,
                management,
                options.httpsPort(),
                mqtt,
                amqp.overWebSocket(),
                () -> new UUID(random.nextLong(), random.nextLong())));
        // once more, so that sessions are told first that the hub stops, and no will is left
        closing.last(engine::stop);
        found = data.started(engine);
    }

    /** A hub on free ports with the defaults of {@link LocalHubOptions}. */
    public static LocalHub start() {
        return start(LocalHubOptions.builder().build());
    }

    /**
     * Starts a hub; when this returns, every endpoint answers.
     *
     * @throws UncheckedIOException when a port cannot be had, or a folder cannot be used; nothing is left running
     * @throws io.hubwire.protocol.HubwireException STORAGE_FAILED when the data folder is in use, damaged beyond repair, of
     *     a later version or not writable; nothing is left running, and nothing in it was changed
     */
    public static LocalHub start(LocalHubOptions options) {
        Closing closing = new Closing();
        try {
            return new LocalHub(options, closing);
        } catch (IOException e) {
            closing.close();
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            closing.close();
            throw new UncheckedIOException(new IOException("the hub's certificates: " + e.getMessage(), e));
        } catch (RuntimeException | Error e) {
            closing.close();
            throw e;
        }
    }

    /** The port of MQTT over TLS. */
    public int mqttPort() {
        return mqtt.port();
    }

    /** The port of HTTPS: service, device and provisioning API, MQTT and AMQP over WebSocket. */
    public int httpsPort() {
        return https.port();
    }

    /** The port of AMQP over TLS: events, cloud-to-device messages, feedback. */
    public int amqpPort() {
        return amqp.port();
    }

    /** The port of AMQP without TLS, on loopback, if the hub was given one. */
    public OptionalInt amqpPlainPort() {
        return amqp.plainPort();
    }

    /** The name that connection strings show; any other of the hub's names is as good. */
    public String host() {
        return engineOptions.names().primaryHost();
    }

    /** The certificate of the hub's authority in PEM, to be trusted by clients. Absolute. */
    public Path caFile() {
        return tls.caFile();
    }

    /** What was found in the data folder at the start and what was done about it, in one line; empty without a folder. */
    public String foundInDataFolder() {
        return found;
    }

    /** The id scope of the hub's DPS. */
    public String idScope() {
        return engineOptions.names().idScope();
    }

    /**
     * The connection string of a shared access policy, with its primary key, in the exact form of Azure.
     *
     * @param policy such as {@code iothubowner} or {@code service}
     * @throws IllegalArgumentException when there is no such policy
     */
    public String connectionString(String policy) {
        return ConnectionString.ofPolicy(host(), policy, policy(policy).primaryKey())
                .text();
    }

    /**
     * The connection string of a device with its primary key.
     *
     * @throws io.hubwire.localhub.engine.HubException 404001 when there is no such device
     * @throws IllegalStateException when it has no key, but a certificate
     */
    public String deviceConnectionString(String deviceId) {
        Identity identity = Identity.device(deviceId);
        ObjectNode device = engine.registry().get(identity);
        String key = device.at("/authentication/symmetricKey/primaryKey").textValue();
        if (key == null) {
            throw new IllegalStateException("device [" + deviceId + "] has no symmetric key");
        }
        return ConnectionString.ofIdentity(host(), identity, SymmetricKey.ofBase64(key))
                .text();
    }

    /** The Event-Hubs-compatible connection string of the built-in endpoint, in the exact form of Azure. */
    public String eventHubConnectionString() {
        return EventHubConnectionString.of(
                        host(),
                        EVENT_ENTITY,
                        "iothubowner",
                        policy("iothubowner").primaryKey())
                .text();
    }

    /** The connection string of the local DPS's service API. */
    public String dpsConnectionString() {
        SharedAccessPolicy owner = engineOptions.dps().policies().get(0);
        return ConnectionString.ofPolicy(host(), owner.name(), owner.primaryKey())
                .text();
    }

    /**
     * The address, with a token, of the blob container that registry imports read and exports write: what a back end gives
     * in such a job, and by which it puts, gets and deletes the blobs. They hold device keys, and nothing else opens them.
     *
     * @param life how long the token is good from now on; it ends with the hub in any case
     */
    public String registryContainer(Duration life) {
        return management
                .containers()
                .address(host() + ":" + httpsPort(), clock.instant().plus(life), "rwd");
    }

    /**
     * Lets this hub's DPS assign devices to another hub of this process too, until that one closes. The other one must have
     * a first host name of its own, see {@link LocalHubOptions.Builder#host}: it is what devices are told, and DPS tells no
     * port. {@code GatewayHostName} in a connection string leads to a name that has no address.
     *
     * @throws IllegalArgumentException when a hub of the same first name is linked already
     */
    public void link(LocalHub other) {
        link(other, Duration.ZERO);
    }

    /** As {@link #link(LocalHub)}. @param latency by which the geo-latency policy chooses; this hub's is zero */
    public void link(LocalHub other, Duration latency) {
        engine.link(other.engine, latency);
    }

    /** Ends what {@link #link} began. Devices stay where they are until they register again. */
    public void unlink(LocalHub other) {
        engine.unlink(other.engine);
    }

    /** The engine: registry, twins, queues, events; for tests that look behind the wire. */
    public Hub engine() {
        return engine;
    }

    /** Cuts all connections and ends. Idempotent; never throws. */
    @Override
    public void close() {
        closing.close();
    }

    private SharedAccessPolicy policy(String name) {
        return engineOptions.policies().stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the hub has no policy [" + name + "], only "
                        + engineOptions.policies().stream()
                                .map(SharedAccessPolicy::name)
                                .toList()));
    }

    private static EngineOptions engineOptions(LocalHubOptions options) {
        List<String> hosts = new ArrayList<>(options.hosts());
        hosts.addAll(List.of("localhost", "127.0.0.1", "::1"));
        MachineName.find(System.getenv()).ifPresent(hosts::add);
        EngineOptions engine = EngineOptions.of(new HubNames(hosts, EVENT_ENTITY, ID_SCOPE));
        OwnPolicies own = options.ownPolicies();
        if (own != null) {
            engine = engine.withPolicies(own.hub()).withDps(engine.dps().withPolicies(own.dps()));
        }
        return options.engine().apply(engine);
    }

    private static MqttEndpoint mqttEndpoint(
            EndpointContext context, LocalHubOptions options, MqttHub hub, Closing closing) throws IOException {
        if (options.insideBroker()) {
            return MqttEndpoint.startInside(context, options.mqttPort(), hub);
        }
        Path home = closing.last(TemporaryFolder.create("broker")).path();
        return MqttEndpoint.start(context, options.mqttPort(), hub, home);
    }

    private static Path caFolder(LocalHubOptions options, Closing closing) throws IOException {
        Path folder = options.caFolder();
        return folder == null ? closing.last(TemporaryFolder.create("ca")).path() : folder;
    }

    private static List<InetAddress> addresses(LocalHubOptions options) throws UnknownHostException, SocketException {
        if (!options.addresses().isEmpty()) {
            return options.addresses();
        }
        InetAddress v4 = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
        byte[] one = new byte[16];
        one[15] = 1;
        InetAddress v6 = InetAddress.getByAddress("localhost", one);
        return NetworkInterface.getByInetAddress(v6) == null ? List.of(v4) : List.of(v4, v6);
    }
}
