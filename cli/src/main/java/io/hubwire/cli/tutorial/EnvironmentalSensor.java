package io.hubwire.cli.tutorial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.mqtt.DesiredUpdate;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.MethodResponse;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The environmental sensor of the fifth tutorial: sends {@code {"temp","humid"}}, reports what it is at start-up, obeys four
 * commands and confirms two writable properties. Install it before connecting.
 */
public final class EnvironmentalSensor {
    /** Properties the back end may write. */
    private static final List<String> WRITABLE = List.of("name", "brightness");

    private static final Duration DIAGNOSIS = Duration.ofMillis(200);
    private static final int DONE = 200;
    private static final int ACCEPTED = 202;

    private final DeviceClient device;
    private final Timer timer;
    private final RandomGenerator random;
    private final Consumer<String> tell;

    /**
     * @param timer ends the diagnosis that {@code rundiagnostics} starts
     * @param tell hears in one line of what the device does
     */
    public EnvironmentalSensor(DeviceClient device, Timer timer, RandomGenerator random, Consumer<String> tell) {
        this.device = device;
        this.timer = timer;
        this.random = random;
        this.tell = tell;
    }

    /** Sets the handlers; connect afterwards. */
    public void install() {
        device.onMethod("blink", request -> answer(DONE, "the LED blinks"));
        device.onMethod("turnon", request -> switched(true));
        device.onMethod("turnoff", request -> switched(false));
        device.onMethod("rundiagnostics", request -> {
            timer.schedule(DIAGNOSIS, this::reportDiagnosis);
            return answer(ACCEPTED, "the diagnosis has started; its result will be reported");
        });
        device.onDesired(this::confirm);
    }

    /** What the device is, reported once after it has connected. @return the version of the reported properties */
    public CompletableFuture<Long> reportStartUp() {
        return report(Json.object()
                .put("state", true)
                .put("processorArchitecture", System.getProperty("os.arch"))
                .put("swVersion", "1.0.0"));
    }

    /** A reading: degrees Celsius and per cent. */
    public Message reading() {
        double temperature = Math.round((19 + 6 * random.nextDouble()) * 10) / 10.0;
        double humidity = Math.round((40 + 20 * random.nextDouble()) * 10) / 10.0;
        return Message.builder(Json.write(Json.object().put("temp", temperature).put("humid", humidity)))
                .contentType("application/json")
                .contentEncoding("utf-8")
                .build();
    }

    private MethodResponse switched(boolean on) {
        report(Json.object().put("state", on));
        return answer(DONE, on ? "the sensor is on" : "the sensor is off");
    }

    private MethodResponse answer(int status, String description) {
        tell.accept("command answered with " + status + ": " + description);
        return MethodResponse.of(status, Json.write(Json.object().put("description", description)));
    }

    private void reportDiagnosis() {
        ObjectNode result = Json.object();
        result.putObject("rundiagnostics").put("value", "all parts answer");
        report(result);
    }

    /** Plug and Play's convention: value, status, the desired version it answers, a description. */
    private void confirm(DesiredUpdate update) {
        JsonNode desired = Json.parseObject("desired properties", update.json());
        ObjectNode confirmed = Json.object();
        for (String name : WRITABLE) {
            JsonNode value = desired.get(name);
            if (value != null && !value.isNull()) {
                ObjectNode acknowledgement = confirmed.putObject(name);
                acknowledgement.set("value", value);
                acknowledgement.put("ac", DONE).put("av", update.version()).put("ad", name + " is set");
            }
        }
        if (!confirmed.isEmpty()) {
            report(confirmed);
        }
    }

    private CompletableFuture<Long> report(ObjectNode properties) {
        String json = Json.write(properties);
        return device.report(json)
                .whenComplete((version, failure) -> tell.accept(
                        failure == null
                                ? "reported " + json + ", version " + version
                                : "report failed: " + failure.getMessage()));
    }
}
