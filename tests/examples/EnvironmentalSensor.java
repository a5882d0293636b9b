import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.dps.Assignment;
import io.hubwire.dps.Attestation;
import io.hubwire.dps.ProvisioningClient;
import io.hubwire.dps.ProvisioningOptions;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.mqtt.DesiredUpdate;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.MethodResponse;
import io.hubwire.mqtt.WritableProperty;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The environmental sensor of the tutorial. It asks DPS for its hub, says what it is, sends temperature and humidity,
 * obeys four commands and confirms two writable properties. From the environment it takes
 *
 * <pre>
 * DPS_ID_SCOPE, REGISTRATION_ID, DEVICE_KEY          who it is; the key is the enrollment's, or derived from a group's
 * DPS_HOST, HUBWIRE_{HTTPS_PORT,MQTT_PORT,CA_FILE}   a local hub's: `. ~/.hubwire/local.env`; without them it is Azure's
 * READINGS, INTERVAL_MILLIS                          how many readings (10), how far apart (5000)
 * </pre>
 */
public final class EnvironmentalSensor {
    private static final String MODEL_ID = "dtmi:com:example:EnvironmentalSensor;1";
    private static final Set<String> WRITABLE = Set.of("name", "brightness");

    public static void main(String[] args) throws Exception {
        Map<String, String> env = System.getenv();
        SymmetricKey key = SymmetricKey.ofBase64(env.get("DEVICE_KEY"));
        String ca = env.get("HUBWIRE_CA_FILE");
        TlsTrust trust = ca == null ? TlsTrust.platform() : TlsTrust.pem(Path.of(ca));
        ProvisioningOptions dps = ProvisioningOptions.of(
                        env.get("DPS_ID_SCOPE"), Attestation.ofKey(env.get("REGISTRATION_ID"), key))
                .host(env.getOrDefault("DPS_HOST", ProvisioningOptions.GLOBAL_HOST))
                .https(https -> https.port(number(env, "HUBWIRE_HTTPS_PORT", 443)).trust(trust))
                .build();
        ClientOptions mqtt = ClientOptions.builder()
                .port(number(env, "HUBWIRE_MQTT_PORT", 8883))
                .trust(trust)
                .modelId(MODEL_ID)
                .build();

        try (ProvisioningClient provisioning = ProvisioningClient.open(dps);
                DeviceClient device = provisioning
                        .blocking()
                        .provisionAndConnect(
                                "{\"modelId\":\"" + MODEL_ID + "\"}", assignment -> connect(assignment, key, mqtt))) {
            System.out.println("connected as " + device.identity());
            device.blocking()
                    .report("{\"state\":true,\"processorArchitecture\":\"" + System.getProperty("os.arch")
                            + "\",\"swVersion\":\"1.0.0\"}");
            Random weather = new Random();
            for (int left = number(env, "READINGS", 10); left > 0; left--) {
                double temp = 19 + 6 * weather.nextDouble();
                double humid = 40 + 20 * weather.nextDouble();
                Message reading = Message.builder(String.format(Locale.ROOT, "{\"temp\":%.1f,\"humid\":%.1f}", temp, humid))
                        .contentType("application/json")
                        .contentEncoding("utf-8")
                        .build();
                device.blocking().send(reading);
                System.out.println("sent " + reading.text());
                TimeUnit.MILLISECONDS.sleep(number(env, "INTERVAL_MILLIS", 5000));
            }
        }
    }

    /** Handlers come first: what the hub has kept for the device arrives as soon as it connects. */
    private static CompletableFuture<DeviceClient> connect(Assignment home, SymmetricKey key, ClientOptions options) {
        System.out.println("assigned to " + home.hubHostName() + " as " + home.deviceId());
        DeviceClient device = DeviceClient.of(
                ConnectionString.ofIdentity(home.hubHostName(), Identity.device(home.deviceId()), key), options);
        device.onMethod("blink", request -> done("the LED blinks"));
        device.onMethod("turnon", request -> switched(device, true));
        device.onMethod("turnoff", request -> switched(device, false));
        device.onMethod("rundiagnostics", request -> {
            device.report(WritableProperty.report(null, "rundiagnostics", "{\"value\":\"all parts answer\"}"));
            return MethodResponse.of(202, "{\"description\":\"the result will be reported\"}");
        });
        device.onDesired(update -> confirm(device, update));
        return device.connect().thenApply(connected -> device).whenComplete((open, refused) -> {
            if (refused != null) {
                device.closeAsync();
            }
        });
    }

    private static MethodResponse switched(DeviceClient device, boolean on) {
        device.report("{\"state\":" + on + "}");
        return done(on ? "the sensor is on" : "the sensor is off");
    }

    private static MethodResponse done(String description) {
        System.out.println(description);
        return MethodResponse.ok("{\"description\":\"" + description + "\"}");
    }

    private static void confirm(DeviceClient device, DesiredUpdate update) {
        for (WritableProperty property : WritableProperty.in(update)) {
            if (WRITABLE.contains(property.name())) {
                device.report(property.confirm(200, property.name() + " is set"));
                System.out.println(property.name() + " is now " + property.json());
            }
        }
    }

    private static int number(Map<String, String> env, String name, int otherwise) {
        return Integer.parseInt(env.getOrDefault(name, Integer.toString(otherwise)));
    }
}
