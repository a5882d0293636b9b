package io.hubwire.cli.hub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.connect.EnvFile;
import io.hubwire.cli.context.CliContext;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.OwnKeys;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a hub says once every endpoint answers: where it is, and what to type next. */
final class HubBanner {
    private HubBanner() {}

    /**
     * @param linked hubs that DPS may assign devices to as well
     * @param keys of the hub's own, or null for the public ones
     * @param showKeys whether they were made just now, so that this is the only place to learn them
     */
    static void show(
            CliContext context, EnvFile file, List<LocalHub> linked, @Nullable OwnKeys keys, boolean showKeys) {
        if (context.json()) {
            ObjectNode document = HubStart.json(file.values());
            if (keys != null && showKeys) {
                document.set("ownKeys", keys.json());
            }
            linked.forEach(other -> document.withArrayProperty("linkedHubs")
                    .addObject()
                    .put("host", other.host())
                    .put("mqttPort", other.mqttPort())
                    .put("httpsPort", other.httpsPort())
                    .put("amqpPort", other.amqpPort())
                    .put("connectionString", other.connectionString("iothubowner")));
            context.terminal().jsonLine(document);
            return;
        }
        Map<String, String> v = file.values();
        List<String> lines = new ArrayList<>(List.of(
                "Hubwire local hub on " + v.get("HUBWIRE_HOST") + ": MQTT " + v.get("HUBWIRE_MQTT_PORT") + ", HTTPS "
                        + v.get("HUBWIRE_HTTPS_PORT") + ", AMQP " + v.get("HUBWIRE_AMQP_PORT"),
                "  CA file     " + v.get("HUBWIRE_CA_FILE"),
                "  web page    " + v.get("HUBWIRE_WEB_URL"),
                "  env file    " + file.path() + "   (. it in a shell; hubwire finds it by itself)",
                "  back end    " + v.get("IOTHUB_CONNECTION_STRING"),
                "  device1     " + v.get("IOTHUB_DEVICE_CONNECTION_STRING"),
                "  events      " + v.get("EVENTHUB_CONNECTION_STRING"),
                "  DPS         " + v.get("DPS_HOST") + ", id scope " + v.get("DPS_ID_SCOPE")));
        linked.forEach(other -> lines.add("  linked hub  " + other.host() + ": MQTT " + other.mqttPort() + ", HTTPS "
                + other.httpsPort() + ", AMQP " + other.amqpPort() + "  " + other.connectionString("iothubowner")));
        if (keys == null) {
            lines.add("  These keys are fixed and public; the hub listens on loopback only.");
        } else if (showKeys) {
            lines.add("  The hub's own keys, to be kept in a file for --own-keys FILE:");
            lines.add("  " + Json.write(keys.json()));
        }
        lines.add("  Next, in another terminal:  hubwire monitor    and    hubwire device simulate");
        lines.add("  Ctrl-C ends it.");
        lines.forEach(context.terminal()::line);
    }
}
