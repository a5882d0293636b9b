package io.hubwire.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Numbers of one round, or medians of several, by name. */
record Sample(Map<String, Double> values) {
    Sample {
        values = Map.copyOf(values);
    }

    /** All numbers of an answer. */
    static Sample of(JsonNode answer) {
        Map<String, Double> values = new TreeMap<>();
        answer.properties().forEach(member -> {
            if (member.getValue().isNumber()) {
                values.put(member.getKey(), member.getValue().asDouble());
            }
        });
        return new Sample(values);
    }

    Sample with(String name, double value) {
        Map<String, Double> more = new TreeMap<>(values);
        more.put(name, value);
        return new Sample(more);
    }

    /** NaN when there is none. */
    double get(String name) {
        return values.getOrDefault(name, Double.NaN);
    }

    /** Of each number, the median over these samples. */
    static Sample median(List<Sample> samples) {
        Map<String, Double> medians = new TreeMap<>();
        samples.get(0)
                .values()
                .keySet()
                .forEach(name -> medians.put(
                        name,
                        median(samples.stream().mapToDouble(s -> s.get(name)).toArray())));
        return new Sample(medians);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        new TreeMap<>(values).forEach((name, value) -> json.put(name, rounded(value)));
        return json;
    }

    /** Four significant digits; more would only look exact. */
    static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
    }
}
