package io.hubwire.cli;

import io.hubwire.cli.connect.EnvFile;
import io.hubwire.localhub.LocalHub;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A local hub whose env file is in a home of its own, as a user's would be, and commands that find it there. */
final class HubAtHome implements AutoCloseable {
    private final LocalHub hub = LocalHub.start();
    private final Path home;

    HubAtHome(Path home) {
        this.home = home;
        Map<String, String> values = new HashMap<>();
        values.put("HUBWIRE_HOST", hub.host());
        values.put("HUBWIRE_MQTT_PORT", Integer.toString(hub.mqttPort()));
        values.put("HUBWIRE_HTTPS_PORT", Integer.toString(hub.httpsPort()));
        values.put("HUBWIRE_AMQP_PORT", Integer.toString(hub.amqpPort()));
        values.put("HUBWIRE_CA_FILE", hub.caFile().toString());
        values.put("HUBWIRE_PID", Long.toString(ProcessHandle.current().pid()));
        values.put("IOTHUB_CONNECTION_STRING", hub.connectionString("iothubowner"));
        values.put("IOTHUB_DEVICE_CONNECTION_STRING", hub.deviceConnectionString("device1"));
        values.put("DPS_CONNECTION_STRING", hub.dpsConnectionString());
        values.put("DPS_HOST", hub.host());
        values.put("DPS_ID_SCOPE", hub.idScope());
        new EnvFile(home.resolve(".hubwire/local.env"), values).write();
    }

    LocalHub hub() {
        return hub;
    }

    Run run(String... args) {
        return Run.hubwire(home, Map.of(), "", args);
    }

    Run runWithInput(String input, String... args) {
        return Run.hubwire(home, Map.of(), input, args);
    }

    /** As if a person watched in a terminal of 80 columns. */
    Run watched(String... args) {
        return Run.watched(80, home, "", args);
    }

    @Override
    public void close() {
        hub.close();
    }
}
