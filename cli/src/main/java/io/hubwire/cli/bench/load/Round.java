package io.hubwire.cli.bench.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import org.HdrHistogram.Histogram;

/**
 * What one round of load gave.
 *
 * @param nanos from the first send to the last acknowledgement
 * @param latency from each send to its acknowledgement in nanoseconds; empty where it was not measured
 * @param cpuNanos processor time of the sending JVM
 * @param allocatedBytes by the sending JVM
 */
public record Round(long messages, long nanos, Histogram latency, long cpuNanos, long allocatedBytes) {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;

    /** As the answer of a child JVM. */
    public ObjectNode json() {
        return Json.object()
                .put("messages", messages)
                .put("perSecond", messages * NANOS_PER_SECOND / nanos)
                .put("p50Micros", latency.getValueAtPercentile(50) / NANOS_PER_MICRO)
                .put("p99Micros", latency.getValueAtPercentile(99) / NANOS_PER_MICRO)
                .put("maxMicros", latency.getMaxValue() / NANOS_PER_MICRO)
                .put("cpuMicros", cpuNanos / NANOS_PER_MICRO / messages)
                .put("allocatedBytes", (double) allocatedBytes / messages);
    }
}
