package io.hubwire.cli.tutorial;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.hubwire.protocol.Message;
import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The telemetry of the simulated device: {@code {"deviceId","windSpeed"}} as text and as bytes in turn, each with message id,
 * correlation id and an application property that says whether it blows.
 */
public final class WindSpeed {
    /** In metres a second; above it the property {@code windAlert} is {@code true}. */
    static final double ALERT = 14;

    private static final double LEAST = 8;
    private static final double SPREAD = 8;

    private final String deviceId;
    private final RandomGenerator random;
    private int count;

    /** @param random for speeds and ids */
    public WindSpeed(String deviceId, RandomGenerator random) {
        this.deviceId = deviceId;
        this.random = random;
    }

    /** The next reading. Even ones are text (with content type and encoding), odd ones plain bytes. */
    public synchronized Message next() {
        double speed = Math.round((LEAST + SPREAD * random.nextDouble()) * 100) / 100.0;
        String json = JsonNodeFactory.instance
                .objectNode()
                .put("deviceId", deviceId)
                .put("windSpeed", speed)
                .toString();
        boolean asText = count++ % 2 == 0;
        Message.Builder message = asText
                ? Message.builder(json).contentType("application/json").contentEncoding("utf-8")
                : Message.builder(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return message.messageId(uuid())
                .correlationId(String.format(Locale.ROOT, "reading-%d", count))
                .property("windAlert", Boolean.toString(speed > ALERT))
                .build();
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
