package io.hubwire.protocol.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.vectors.Vectors;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class TopicFuzzTest {
    @MethodSource("topics")
    @FuzzTest(maxDuration = "1m")
    void telemetry(byte[] utf8) {
        comesBack(utf8, TelemetryTopic::parse, t -> TelemetryTopic.format(t.sender(), t.properties()));
    }

    @MethodSource("topics")
    @FuzzTest(maxDuration = "1m")
    void c2d(byte[] utf8) {
        comesBack(utf8, DeviceboundTopic::parse, t -> DeviceboundTopic.format(t.receiver(), t.properties()));
    }

    @MethodSource("topics")
    @FuzzTest(maxDuration = "1m")
    void module_inputs(byte[] utf8) {
        comesBack(utf8, ModuleInputTopic::parse, t -> ModuleInputTopic.format(t.receiver(), t.input(), t.properties()));
    }

    @MethodSource("topics")
    @FuzzTest(maxDuration = "1m")
    void methods(byte[] utf8) {
        comesBack(utf8, MethodTopic::parseRequest, t -> MethodTopic.formatRequest(t.method(), t.requestId()));
        comesBack(utf8, MethodTopic::parseResponse, t -> MethodTopic.formatResponse(t.status(), t.requestId()));
    }

    @MethodSource("topics")
    @FuzzTest(maxDuration = "1m")
    void twins(byte[] utf8) {
        comesBack(utf8, TwinTopic::parseRequest, TopicFuzzTest::formatted);
        comesBack(
                utf8, TwinTopic::parseResponse, t -> TwinTopic.formatResponse(t.status(), t.requestId(), t.version()));
        comesBack(utf8, TwinTopic::parseDesired, t -> TwinTopic.formatDesired(t.version()));
    }

    @MethodSource("topics")
    @FuzzTest(maxDuration = "1m")
    void dps(byte[] utf8) {
        comesBack(
                utf8,
                DpsTopic::parseRequest,
                t -> t instanceof DpsTopic.Poll poll
                        ? DpsTopic.formatPoll(poll.requestId(), poll.operationId())
                        : DpsTopic.formatRegister(((DpsTopic.Register) t).requestId()));
        comesBack(
                utf8, DpsTopic::parseResponse, t -> DpsTopic.formatResponse(t.status(), t.requestId(), t.retryAfter()));
    }

    @MethodSource("userNames")
    @FuzzTest(maxDuration = "1m")
    void user_names(byte[] utf8) {
        comesBack(utf8, text -> Optional.of(MqttUserName.parse(text)), MqttUserName::format);
        comesBack(utf8, DpsUserName::parse, name -> name.apiVersion() == null ? null : name.format());
    }

    /** A value that its own format reads back as the same, nothing, or the one documented complaint. */
    private static <T> void comesBack(byte[] utf8, Function<String, Optional<T>> parse, Function<T, String> format) {
        String text = new String(utf8, UTF_8);
        Optional<T> value;
        try {
            value = parse.apply(text);
        } catch (RemoteProtocolException complaint) {
            assertThat(complaint.getMessage()).contains("[").doesNotContain("\n");
            return;
        }
        if (isTopic(text)) {
            value.map(format)
                    .ifPresent(written -> assertThat(parse.apply(written)).isEqualTo(value));
        }
    }

    private static String formatted(DeviceToHub.TwinRequest request) {
        if (request instanceof DeviceToHub.TwinReport report) {
            return report.requestId() == null ? null : TwinTopic.formatReport(report.requestId(), report.baseVersion());
        }
        return TwinTopic.formatGet(((DeviceToHub.TwinGet) request).requestId());
    }

    /** NUL and the wildcards never stand in a topic that was published; format refuses them. */
    private static boolean isTopic(String text) {
        return text.chars().noneMatch(c -> c == 0 || c == '+' || c == '#');
    }

    static Stream<byte[]> topics() {
        return vectors("topic");
    }

    static Stream<byte[]> userNames() {
        return Stream.concat(
                vectors("username"),
                Stream.of(
                                "h/d/?api-version=2021-04-12",
                                "0ne0/registrations/r/api-version=2019-03-31&ClientVersion=a%2Fb")
                        .map(text -> text.getBytes(UTF_8)));
    }

    private static Stream<byte[]> vectors(String member) {
        return Vectors.cases("mqtt-topics.json").stream()
                .map(c -> c.path(member).asText())
                .filter(text -> !text.isEmpty())
                .distinct()
                .map(text -> text.getBytes(UTF_8));
    }
}
