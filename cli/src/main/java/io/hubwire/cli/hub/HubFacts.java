package io.hubwire.cli.hub;

import io.hubwire.localhub.LocalHub;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a running hub tells other programs: the lines of the env file, in the order people read them. */
final class HubFacts {
    /** As long as a hub of a test or a demonstration lives. */
    private static final Duration CONTAINER_LIFE = Duration.ofDays(30);

    private HubFacts() {}

    static Map<String, String> of(LocalHub hub, String pid) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("HUBWIRE_HOST", hub.host());
        facts.put("HUBWIRE_MQTT_PORT", Integer.toString(hub.mqttPort()));
        facts.put("HUBWIRE_HTTPS_PORT", Integer.toString(hub.httpsPort()));
        facts.put("HUBWIRE_AMQP_PORT", Integer.toString(hub.amqpPort()));
        hub.amqpPlainPort().ifPresent(port -> facts.put("HUBWIRE_AMQP_PLAIN_PORT", Integer.toString(port)));
        facts.put("HUBWIRE_CA_FILE", hub.caFile().toAbsolutePath().toString());
        facts.put("HUBWIRE_WEB_URL", "https://" + hub.host() + ":" + hub.httpsPort() + "/");
        facts.put("HUBWIRE_PID", pid);
        facts.put("IOTHUB_CONNECTION_STRING", hub.connectionString("iothubowner"));
        facts.put("IOTHUB_SERVICE_CONNECTION_STRING", hub.connectionString("service"));
        facts.put("IOTHUB_DEVICE_CONNECTION_STRING", hub.deviceConnectionString("device1"));
        facts.put("EVENTHUB_CONNECTION_STRING", hub.eventHubConnectionString());
        facts.put("HUBWIRE_REGISTRY_CONTAINER", hub.registryContainer(CONTAINER_LIFE));
        facts.put("DPS_CONNECTION_STRING", hub.dpsConnectionString());
        facts.put("DPS_HOST", hub.host());
        facts.put("DPS_ID_SCOPE", hub.idScope());
        return facts;
    }
}
