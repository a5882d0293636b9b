package io.hubwire.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Where and when a benchmark ran. */
final class Machine {
    private Machine() {}

    static ObjectNode json(Clock clock) {
        return Json.object()
                .put("time", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"))
                .put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("load", load());
    }

    /** Runnable processes of the last minute, as {@code uptime} shows it; before the benchmark adds its own. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    static String line(ObjectNode machine) {
        return String.format(
                "%s, Java %s, %s, %d processors, load before %.1f",
                machine.path("time").asText(),
                machine.path("java").asText(),
                machine.path("os").asText(),
                machine.path("processors").asInt(),
                machine.path("load").asDouble());
    }
}
