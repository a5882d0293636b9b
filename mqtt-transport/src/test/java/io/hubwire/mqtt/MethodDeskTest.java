package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.mqtt.MqttPacket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods that come twice, without a handler, with nonsense, or whose answer comes too late. */
class MethodDeskTest extends ConversationTest {
    private static final String BLINK = "$iothub/methods/POST/blink/?$rid=";

    private static String topicAndBody(MqttPacket.Publish answer) {
        return answer.topic() + " " + new String(answer.payload(), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Test
    void a_request_is_carried_out_once_however_often_it_comes() {
        AtomicInteger calls = new AtomicInteger();
        DeviceClient device = device();
        device.onMethod("blink", request -> MethodResponse.ok(String.valueOf(calls.incrementAndGet())));
        Conversation link = connectAndGrant(device);
        link.publish(BLINK + "a1", "1");
        link.publish(BLINK + "a1", "1");
        link.publish(BLINK + "a2", "1");
        assertThat(topicAndBody(link.expectPublish())).isEqualTo("$iothub/methods/res/200/?$rid=a1 1");
        assertThat(topicAndBody(link.expectPublish())).isEqualTo("$iothub/methods/res/200/?$rid=a2 2");
    }

    @Test
    void an_answer_is_dropped_when_its_connection_is_gone() {
        CompletableFuture<MethodResponse> late = new CompletableFuture<>();
        AtomicInteger calls = new AtomicInteger();
        DeviceClient device = device();
        device.onMethodAsync("blink", request -> {
            calls.incrementAndGet();
            return late;
        });
        Conversation link = connectAndGrant(device);
        link.publish(BLINK + "1", "");
        await().until(() -> calls.get() == 1);
        link.reset();
        Conversation next = hub.acceptAndGrant();
        late.complete(MethodResponse.of(200));
        next.expectSilence(Duration.ofMillis(200));
        next.publish(BLINK + "1", ""); // ids start anew with each connection
        assertThat(next.expectPublish().topic()).isEqualTo("$iothub/methods/res/200/?$rid=1");
    }

    @Test
    void answers_for_itself_where_no_handler_can() {
        DeviceClient device = device();
        device.onMethod("blink", request -> {
            throw new IllegalStateException("lamp is broken");
        });
        Conversation link = connectAndGrant(device);
        link.publish("$iothub/methods/POST/dance/?$rid=1", "");
        assertThat(link.expectPublish().topic()).startsWith("$iothub/methods/res/501/");
        link.publish(BLINK + "2", "{");
        assertThat(link.expectPublish().topic()).startsWith("$iothub/methods/res/400/");
        link.publish(BLINK + "3", "null");
        MqttPacket.Publish failed = link.expectPublish();
        assertThat(failed.topic()).startsWith("$iothub/methods/res/500/");
        assertThat(failed.payload()).asString().contains("lamp is broken");
    }

    @Test
    void each_status_from_200_to_599_goes_out_as_given() {
        DeviceClient device = device();
        device.onMethod("blink", request -> MethodResponse.of(Integer.parseInt(request.payload()), request.payload()));
        Conversation link = connectAndGrant(device);
        for (int status = 200; status <= 599; status++) {
            link.publish(BLINK + "r" + status, String.valueOf(status));
            assertThat(topicAndBody(link.expectPublish()))
                    .isEqualTo("$iothub/methods/res/" + status + "/?$rid=r" + status + " " + status);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "true",
                "-1.5e300",
                "12345678901234567890.123456789",
                "\"\"",
                "\"\\u65e5 \u65e5\"",
                "[]",
                "{}",
                " {\"b\" : [1, {\"a\":null}] } "
            })
    void any_json_goes_out_byte_for_byte(String json) {
        DeviceClient device = device();
        device.onMethod("blink", request -> MethodResponse.ok(json));
        Conversation link = connectAndGrant(device);
        link.publish(BLINK + "1", "");
        assertThat(topicAndBody(link.expectPublish())).isEqualTo("$iothub/methods/res/200/?$rid=1 " + json);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 199, 600, Integer.MAX_VALUE})
    void another_status_is_refused_with_the_rule_and_the_caller_is_told(int status) {
        DeviceClient device = device();
        device.onMethod("blink", request -> MethodResponse.of(status));
        Conversation link = connectAndGrant(device);
        link.publish(BLINK + "1", "");
        MqttPacket.Publish answer = link.expectPublish();
        assertThat(answer.topic()).isEqualTo("$iothub/methods/res/500/?$rid=1");
        assertThat(answer.payload()).asString().contains("[" + status + "]").contains("from 200 to 599");
        assertThatThrownBy(() -> MethodResponse.of(status)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void a_command_of_a_component_has_a_handler_of_its_own() {
        DeviceClient device = device();
        device.onMethod(
                "thermostat1*reboot",
                request ->
                        MethodResponse.ok("\"" + request.component().orElseThrow() + " " + request.command() + "\""));
        Conversation link = connectAndGrant(device);
        link.publish("$iothub/methods/POST/thermostat1*reboot/?$rid=1", "5");
        assertThat(topicAndBody(link.expectPublish()))
                .isEqualTo("$iothub/methods/res/200/?$rid=1 \"thermostat1 reboot\"");
    }
}
