package io.hubwire.localhub.extension;

import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.LocalHubOptions.Data;
import io.hubwire.localhub.OwnKeys;
import io.hubwire.localhub.broker.BrokerExtension;
import io.hubwire.localhub.store.log.Sync;
import io.hubwire.localhub.throttling.Quota;
import io.hubwire.protocol.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What HiveMQ finds in the archive: starts the hub inside it. */
public final class HubwireExtension extends BrokerExtension {
    private static final Logger log = LoggerFactory.getLogger(HubwireExtension.class);

    private final Map<String, String> environment;

    /** For the broker, which finds the class by {@code META-INF/services}. */
    public HubwireExtension() {
        this(System.getenv());
    }

    HubwireExtension(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    protected AutoCloseable start(Path home) throws Exception {
        Path file = home.resolve("conf").resolve("hubwire.properties");
        LocalHubOptions options = options(ExtensionSettings.of(file, text(file), environment, home));
        LocalHub hub;
        try {
            hub = LocalHub.start(options);
        } catch (UncheckedIOException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
        log.info(
                "the hub [{}] listens on {}: MQTT {}, HTTPS {}, AMQP {}; clients trust [{}]{}",
                hub.host(),
                options.addresses().isEmpty() ? "loopback" : options.addresses(),
                hub.mqttPort(),
                hub.httpsPort(),
                hub.amqpPort(),
                hub.caFile(),
                hub.foundInDataFolder().isEmpty() ? "" : "; " + hub.foundInDataFolder());
        return () -> {
            hub.close();
            deregisterDrivers();
            log.info("the hub [{}] is closed", hub.host());
        };
    }

    private static @Nullable String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new IOException("[" + file + "] cannot be read: " + e, e);
        }
    }

    private static LocalHubOptions options(ExtensionSettings settings) {
        OwnKeys keys = settings.keysFile() == null ? null : OwnKeys.read(settings.keysFile());
        LocalHubOptions.Builder options = LocalHubOptions.builder()
                .insideBroker()
                .mqttPort(settings.mqttPort())
                .httpsPort(settings.httpsPort())
                .amqpPort(settings.amqpPort())
                .caFolder(settings.caFolder());
        if (settings.amqpAdvertisedPort() != 0) {
            options.amqpAdvertisedPort(settings.amqpAdvertisedPort());
        }
        settings.hosts().forEach(options::host);
        settings.addresses().forEach(text -> options.address(address(text, keys != null)));
        if (keys != null) {
            options.ownPolicies(keys.hub(), keys.dps());
        }
        if (settings.dataFolder() != null) {
            options.data(Data.in(settings.dataFolder()).withSync(settings.fsync() ? Sync.MACHINE : Sync.PROCESS));
        }
        if (settings.quota() != null) {
            options.quota(Quota.of(settings.quota()));
        }
        return options.build();
    }

    private static InetAddress address(String text, boolean ownKeys) {
        InetAddress address;
        try {
            address = InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new InvalidInputException("bind (HUBWIRE_BIND): [" + text + "] is not an address of this machine", e);
        }
        if (!ownKeys && !address.isLoopbackAddress()) {
            throw new InvalidInputException("bind (HUBWIRE_BIND): [" + text + "] is not a loopback address; a hub with"
                    + " public development keys is never reachable from elsewhere, one with keys.file"
                    + " (HUBWIRE_KEYS_FILE) may be");
        }
        return address;
    }

    /** The JVM outlives this class loader, and would keep it for the sake of its database driver. */
    private static void deregisterDrivers() throws SQLException {
        ClassLoader ours = HubwireExtension.class.getClassLoader();
        List<java.sql.Driver> drivers = DriverManager.drivers()
                .filter(driver -> driver.getClass().getClassLoader() == ours)
                .toList();
        for (java.sql.Driver driver : drivers) {
            DriverManager.deregisterDriver(driver);
        }
    }
}
