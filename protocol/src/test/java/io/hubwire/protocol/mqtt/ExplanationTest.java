package io.hubwire.protocol.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.mqtt.Explanation.Part;
import io.hubwire.protocol.vectors.Vectors;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExplanationTest {
    @Test
    void a_telemetry_topic_is_explained_part_by_part() {
        assertThat(Explanation.topic("devices/d1/modules/m1/messages/events/%24.mid=a%2Fb&k=v/"))
                .containsExactly(
                        new Part("devices/", "about one device"),
                        new Part("d1", "the device id, never percent-encoded"),
                        new Part("/modules/", "about one module of the device"),
                        new Part("m1", "the module id, never percent-encoded"),
                        new Part("/messages/events/", "telemetry, device to cloud"),
                        new Part("%24.mid=a%2Fb", "system property message-id = [a/b]"),
                        new Part("&k=v", "application property [k] = [v]"),
                        new Part("/", "ignored: a slash ends the properties"));
    }

    @Test
    void the_break_in_a_topic_is_named() {
        List<Part> parts = Explanation.topic("devices/d1/messages/events/a=b=c");
        assertThat(parts.get(parts.size() - 1))
                .isEqualTo(new Part(
                        "a=b=c",
                        "malformed: property bag [devices/d1/messages/events/a=b=c] has '=' at position 31: a value must"
                                + " not contain '='; it is written %3D"));
    }

    @Test
    void a_user_name_is_explained_part_by_part() {
        assertThat(Explanation.userName("h.net/d1/m1/?api-version=2021-04-12&model-id=dtmi%3Ax%3B1&q"))
                .containsExactly(
                        new Part("h.net", "the hub's host name, even through a gateway"),
                        new Part("/", "the device follows"),
                        new Part("d1", "the device id, never percent-encoded"),
                        new Part("/", "the module follows"),
                        new Part("m1", "the module id, never percent-encoded"),
                        new Part("/?", "the parameters follow"),
                        new Part("api-version=2021-04-12", "version of the service's interface"),
                        new Part("&model-id=dtmi%3Ax%3B1", "the Plug and Play model it follows: [dtmi:x;1]"),
                        new Part("&q", "unknown, ignored"));
        assertThat(Explanation.userName("0ne1/registrations/r1/api-version=2019-03-31"))
                .extracting(Part::text)
                .containsExactly("0ne1", "/registrations/", "r1", "/", "api-version=2019-03-31");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            devices/d1/messages/events/                               | telemetry of device d1
            devices/d1/messages/events/%24.mid=1&k=v                  | telemetry of device d1, message-id=1, k=v
            devices/d1/modules/m1/messages/events/%24.on=out          | telemetry of module d1/m1, iothub-outputname=out
            devices/d1/messages/devicebound/%24.to=x                  | cloud-to-device message for device d1, to=x
            devices/d1/modules/m1/inputs/in1/k=v                      | message to input in1 of module d1/m1, k=v
            $iothub/methods/POST/blink/?$rid=a1                       | call of direct method blink, request a1
            $iothub/methods/res/200/?$rid=a1                          | direct method answered with status 200, request a1
            $iothub/twin/GET/?$rid=7                                  | read the twin, request 7
            $iothub/twin/PATCH/properties/reported/?$rid=7&$version=3 | change reported properties, request 7, only on version 3
            $iothub/twin/PATCH/properties/reported/                   | change reported properties, no answer wanted
            $iothub/twin/res/204/?$rid=7&$version=4                   | twin answer with status 204, request 7, version 4
            $iothub/twin/PATCH/properties/desired/?$version=8         | desired properties changed to version 8
            $dps/registrations/PUT/iotdps-register/?$rid=1            | register with DPS, request 1
            $dps/registrations/res/202/?$rid=1&retry-after=3          | DPS answer with status 202, request 1, ask again in 3 s
            devices/+/messages/devicebound/#                          | cloud-to-device messages
            devices/d/modules/m/#                                     | all messages to a module
            foo/#                                                     | no filter the hub serves
            foo/bar                                                   | no topic of hub or DPS
            """)
    void every_topic_has_a_summary(String topic, String summary) {
        assertThat(Explanation.summary(topic)).isEqualTo(summary);
    }

    static List<String> topicsFromOutside() {
        return Vectors.cases("mqtt-topics.json").stream()
                .map(c -> c.path("topic").asText())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("topicsFromOutside")
    void the_parts_joined_are_the_original(String text) {
        assertThat(joined(Explanation.topic(text))).isEqualTo(text);
        assertThat(joined(Explanation.userName(text))).isEqualTo(text);
    }

    private static String joined(List<Part> parts) {
        return parts.stream().map(Part::text).collect(Collectors.joining());
    }
}
