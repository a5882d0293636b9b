package io.hubwire.container;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import com.hivemq.testcontainer.junit5.HiveMQTestContainerExtension;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.EventHubConnectionString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * An IoT Hub with its DPS in a HiveMQ container: what {@code LocalHub} is in the own process. Official SDKs connect to it
 * unmodified, once they trust {@link #caFile}.
 *
 * <pre>{@code
 * try (HubwireContainer hub = new HubwireContainer()) {
 *     hub.start();
 *     String owner = hub.connectionString("iothubowner"); // HostName=localhost;SharedAccessKeyName=iothubowner;…
 *     int port = hub.mqttPort();
 * }
 * }</pre>
 *
 * Or as a JUnit extension: {@code @RegisterExtension} on a static field gives one hub to a class, on a field of the
 * instance one to each test.
 *
 * <p>Each container has keys of its own, made when this object is, and an authority of its own, made when it starts. The
 * ports are free ones of the engine's host. Needs a container engine; nothing here is thread-safe before {@link #start}
 * has returned, everything after.
 */
public final class HubwireContainer extends HiveMQTestContainerExtension
        implements BeforeAllCallback, AfterAllCallback {
    private static final int MQTT_TLS_PORT = 8883;
    private static final int HTTPS_PORT = 8443;
    private static final int AMQP_PORT = 5671;
    private static final String START_SCRIPT = "/hubwire/start.sh";
    private static final String KEYS_FILE = "/hubwire/keys.json";
    private static final String DATA_FOLDER = "/hubwire/data";
    private static final String CA_FOLDER = "/tmp/hubwire-ca";
    static final String EVENT_ENTITY = "hubwire-events";
    private static final String ID_SCOPE = "0ne00000000";
    private static final int ENGINE_ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final PolicyKeys keys;
    private final Path folder;
    private final HubAnswers answers = new HubAnswers(CA_FOLDER + "/ca.pem", HTTPS_PORT);
    private boolean extensionAdded;
    /** Test classes, nested ones included, that are under way. */
    private int classes;

    /** A hub in the public image of the broker that this version was built for. */
    public HubwireContainer() {
        this(defaultImage());
    }

    /** @param image HiveMQ CE of the version the hub was built for; another name for it is fine */
    public HubwireContainer(DockerImageName image) {
        this(image, new SecureRandom());
    }

    /** @param random where the keys of the hub's policies come from */
    public HubwireContainer(DockerImageName image, SecureRandom random) {
        super(image);
        keys = new PolicyKeys(random);
        folder = Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "hubwire-container-" + Long.toHexString(random.nextLong()))
                .toAbsolutePath();
        // not 1883, which the image listens on as well: devices speak TLS
        setExposedPorts(List.of(MQTT_TLS_PORT, HTTPS_PORT, AMQP_PORT));
        // a test's hub is short-lived: halves its start and more, and can be set otherwise
        withEnv("JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        withEnv("HUBWIRE_BIND", "0.0.0.0");
        withEnv("HUBWIRE_MQTT_PORT", Integer.toString(MQTT_TLS_PORT));
        withEnv("HUBWIRE_HTTPS_PORT", Integer.toString(HTTPS_PORT));
        withEnv("HUBWIRE_AMQP_PORT", Integer.toString(AMQP_PORT));
        withEnv("HUBWIRE_CA_DIR", CA_FOLDER);
        withEnv("HUBWIRE_KEYS_FILE", KEYS_FILE);
        // in a file, since `inspect` shows the environment; for any user, since the broker's is the image's choice
        withCopyToContainer(Transferable.of(keys.json().getBytes(StandardCharsets.UTF_8), 0444), KEYS_FILE);
        // the hub tells readers of events its port, and the one they reach is known only once the container runs
        withCreateContainerCmdModifier(command -> command.withEntrypoint("/bin/sh"));
        withCommand("-c", "until [ -s " + START_SCRIPT + " ]; do sleep 0.1; done; . " + START_SCRIPT);
        waitingFor(answers);
        withStartupTimeout(PATIENCE);
        silent(true);
    }

    /**
     * Lets the hub keep its data in a folder of this machine, so that the next container finds it. The broker's user in
     * the image, 10000 in the public one, must be able to write there.
     */
    public HubwireContainer withData(Path hostFolder) {
        Bind bind = new Bind(hostFolder.toAbsolutePath().toString(), new Volume(DATA_FOLDER));
        // not by withFileSystemBind, since Testcontainers pulls an image of its own then, to try whether that works
        withCreateContainerCmdModifier(command -> bind(command, bind));
        return withEnv("HUBWIRE_DATA", DATA_FOLDER);
    }

    private static void bind(CreateContainerCmd command, Bind bind) {
        HostConfig host = Objects.requireNonNullElseGet(command.getHostConfig(), HostConfig::newHostConfig);
        Bind[] before = Objects.requireNonNullElse(host.getBinds(), new Bind[0]);
        host.withBinds(Stream.concat(Stream.of(before), Stream.of(bind)).toList());
        command.withHostConfig(host);
    }

    /** Gives the hub the throttling and the messages a day of a tier, such as {@code S1}; there are no limits by default. */
    public HubwireContainer withQuota(String tier) {
        return withEnv("HUBWIRE_QUOTA", tier);
    }

    /** Sets a variable of the container; those of the hub begin with {@code HUBWIRE_}. */
    @Override
    public HubwireContainer withEnv(String name, String value) {
        super.withEnv(name, value);
        return this;
    }

    /** Puts the hub into a network of containers, where its aliases are names it answers to. */
    @Override
    public HubwireContainer withNetwork(Network network) {
        super.withNetwork(network);
        return this;
    }

    @Override
    public HubwireContainer withNetworkAliases(String... aliases) {
        super.withNetworkAliases(aliases);
        return this;
    }

    /** Prints the broker's log to standard output, or does not, which is the default. */
    @Override
    public HubwireContainer silent(boolean silent) {
        super.silent(silent);
        return this;
    }

    /**
     * Starts the hub, unless it runs; when this returns, it answers.
     *
     * @throws ContainerLaunchException when it does not start, with the reason the extension gave
     * @throws IllegalStateException when there is no container engine
     */
    @Override
    public void start() {
        if (getContainerId() != null) {
            return;
        }
        try {
            Files.createDirectory(folder);
            Path extension = ExtensionArchive.unpackInto(folder);
            if (!extensionAdded) {
                withExtension(MountableFile.forHostPath(extension));
                extensionAdded = true;
            }
            startPatiently();
            ExtensionArchive.delete(extension); // it is in the container now
            Files.write(folder.resolve("ca.pem"), answers.ca());
        } catch (IOException e) {
            stop();
            throw new UncheckedIOException(e);
        } catch (ContainerLaunchException e) {
            stop();
            throw new ContainerLaunchException("the hub in the container did not start: " + LaunchFailure.reason(e), e);
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    @Override
    protected void configure() {
        if (!getEnvMap().containsKey("HUBWIRE_HOST")) {
            List<String> names = new ArrayList<>(List.of(getHost()));
            if (getNetwork() != null) {
                names.addAll(getNetworkAliases());
            }
            withEnv("HUBWIRE_HOST", String.join(",", names));
        }
    }

    /** Lets the broker begin. */
    @Override
    protected void containerIsStarting(InspectContainerResponse container) {
        String script = "export HUBWIRE_AMQP_ADVERTISED_PORT=" + amqpPort() + "\n"
                + "exec /opt/docker-entrypoint.sh /opt/hivemq/bin/run.sh\n";
        copyFileToContainer(Transferable.of(script, 0555), START_SCRIPT);
    }

    /** Tries again when it is the engine that fails: podman does not always find a free port at once. */
    private void startPatiently() {
        for (int attempt = 1; ; attempt++) {
            try {
                super.start();
                return;
            } catch (ContainerLaunchException e) {
                if (attempt == ENGINE_ATTEMPTS || !LaunchFailure.isTheEngines(e)) {
                    throw e;
                }
                super.stop();
            }
        }
    }

    /** Ends the container; {@link #caFile} is gone then. Idempotent. */
    @Override
    public void stop() {
        super.stop();
        try {
            ExtensionArchive.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name or address by which the engine's host is reached: that of connection strings and of the certificate. */
    public String host() {
        return getHost();
    }

    /** The port of MQTT over TLS. @throws IllegalStateException when the container does not run, as of all ports */
    public int mqttPort() {
        return getMappedPort(MQTT_TLS_PORT);
    }

    /** The port of HTTPS: service, device and provisioning API, MQTT and AMQP over WebSocket. */
    public int httpsPort() {
        return getMappedPort(HTTPS_PORT);
    }

    /** The port of AMQP over TLS: events, cloud-to-device messages, feedback. */
    public int amqpPort() {
        return getMappedPort(AMQP_PORT);
    }

    /** As {@link #mqttPort}: the broker's own port without TLS cannot be reached from outside. */
    @Override
    public int getMqttPort() {
        return mqttPort();
    }

    /**
     * The connection string of a shared access policy, with its primary key, in the exact form of Azure.
     *
     * @param policy such as {@code iothubowner} or {@code service}
     * @throws IllegalArgumentException when there is no such policy
     */
    public String connectionString(String policy) {
        return ConnectionString.ofPolicy(host(), policy, keys.primary(policy)).text();
    }

    /** The Event-Hubs-compatible connection string of the built-in endpoint, in the exact form of Azure. */
    public String eventHubConnectionString() {
        return EventHubConnectionString.of(host(), EVENT_ENTITY, "iothubowner", keys.primary("iothubowner"))
                .text();
    }

    /** The connection string of the hub's DPS, for its service API. */
    public String dpsConnectionString() {
        return connectionString(PolicyKeys.DPS_POLICY);
    }

    /** The id scope of the hub's DPS. */
    public String idScope() {
        return ID_SCOPE;
    }

    /**
     * The certificate of the hub's authority in PEM, to be trusted by clients. Absolute; there until {@link #stop}.
     *
     * @throws IllegalStateException when the container does not run
     */
    public Path caFile() {
        if (getContainerId() == null) {
            throw new IllegalStateException(
                    "the hub in the container has not been started; its authority is made then");
        }
        return folder.resolve("ca.pem");
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        classes++;
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        classes--;
        if (classes == 0) {
            stop();
        }
    }

    /** Starts a hub for this test, if there is none for the class. */
    @Override
    public void beforeEach(ExtensionContext context) {
        start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (classes == 0) {
            stop();
        }
    }

    @Override
    public String toString() {
        return "HubwireContainer[" + (getContainerId() == null ? "not running" : getContainerId()) + "]";
    }

    static DockerImageName defaultImage() {
        try (InputStream in = HubwireContainer.class.getResourceAsStream("image.properties")) {
            if (in == null) {
                throw new IllegalStateException(
                        "image.properties is missing beside " + HubwireContainer.class.getName());
            }
            Properties properties = new Properties();
            properties.load(in);
            return DockerImageName.parse(properties.getProperty("image"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
