package io.hubwire.it.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.PropertyBag;
import io.hubwire.protocol.mqtt.DeviceboundTopic;
import io.hubwire.protocol.mqtt.MethodTopic;
import io.hubwire.protocol.mqtt.TelemetryTopic;
import io.hubwire.protocol.mqtt.TwinTopic;
import io.hubwire.protocol.vectors.Vectors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long it takes to write or read one topic of the vectors, turn by turn through all of a kind. Run with {@code mvn
 * -Pbenchmarks -Dquick -DskipTests -pl tests -am verify}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TopicBenchmark {
    private static final String FILE = "mqtt-topics.json";

    private final List<JsonNode> telemetry = cases("telemetry");
    private final List<String> telemetryTopics = topics("telemetry");
    private final List<String> c2dTopics = topics("c2d");
    private final List<String> methodTopics = topics("method-request");
    private final List<String> twinTopics = topics("twin-response");
    private final List<Identity> senders =
            telemetry.stream().map(c -> sender(c.path("input"))).toList();
    private final List<Message> messages = telemetry.stream()
            .map(c -> bag(c.path("input")).toMessage(new byte[0]))
            .toList();
    private int turn;

    @Benchmark
    public Object write_telemetry() {
        int at = next(messages);
        return TelemetryTopic.format(senders.get(at), messages.get(at));
    }

    @Benchmark
    public Object read_telemetry() {
        return TelemetryTopic.parse(telemetryTopics.get(next(telemetryTopics)));
    }

    @Benchmark
    public Object read_c2d() {
        return DeviceboundTopic.parse(c2dTopics.get(next(c2dTopics)));
    }

    @Benchmark
    public Object read_method_request() {
        return MethodTopic.parseRequest(methodTopics.get(next(methodTopics)));
    }

    @Benchmark
    public Object read_twin_response() {
        return TwinTopic.parseResponse(twinTopics.get(next(twinTopics)));
    }

    private int next(List<?> of) {
        turn = turn + 1 < of.size() ? turn + 1 : 0;
        return turn;
    }

    private static List<String> topics(String kind) {
        return cases(kind).stream().map(c -> c.path("topic").asText()).toList();
    }

    /** Those that are well formed: refusing is not what is measured. */
    private static List<JsonNode> cases(String kind) {
        List<JsonNode> cases = Vectors.cases(FILE, kind).stream()
                .filter(c -> c.path("topic").isTextual() && !c.has("error"))
                .toList();
        if (cases.isEmpty()) {
            throw new IllegalStateException("no vectors of kind [" + kind + "]");
        }
        return cases;
    }

    private static Identity sender(JsonNode input) {
        String device = input.path("deviceId").asText();
        return input.path("moduleId").isTextual()
                ? Identity.module(device, input.path("moduleId").asText())
                : Identity.device(device);
    }

    private static PropertyBag bag(JsonNode input) {
        Map<String, String> values = new LinkedHashMap<>();
        input.path("system")
                .properties()
                .forEach(p -> values.put(p.getKey(), p.getValue().textValue()));
        input.path("properties")
                .forEach(pair -> values.put(pair.get(0).asText(), pair.get(1).textValue()));
        return new PropertyBag(values);
    }
}
