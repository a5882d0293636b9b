package io.hubwire.protocol.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.Identity;
import io.hubwire.protocol.RemoteProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the vectors leave unsaid. */
class MqttUserNameTest {
    @ParameterizedTest
    @CsvSource({
        "h/d/?api-version=1, d, ''",
        "h/d/api-version=1, d, ''",
        "h/d, d, ''",
        "h/d/, d, ''",
        "h/d/m/?api-version=1, d, m",
        "h/d/m/api-version=1, d, m",
        "h/d/m, d, m",
        "h/d/m/, d, m",
        "h/d/?, d, ''",
        "h:8883/d/?api-version=1, d, ''"
    })
    void names_a_device_or_a_module_in_every_form(String text, String device, String module) {
        MqttUserName read = MqttUserName.parse(text);
        assertThat(read.identity())
                .isEqualTo(module.isEmpty() ? Identity.device(device) : Identity.module(device, module));
        assertThat(read.host()).startsWith("h");
    }

    @Test
    void tells_everything_the_parameters_say() {
        MqttUserName read = MqttUserName.parse(
                "h/d/$edgeHub/?x=y&model-id=dtmi:a;1&DeviceClientType=a%2Bb%20c&auth-chain=leaf%3Bedge1&api-version=v");
        assertThat(read)
                .isEqualTo(new MqttUserName(
                        "h", Identity.module("d", "$edgeHub"), "v", "a+b c", "dtmi:a;1", "leaf;edge1"));
    }

    @Test
    void a_missing_slash_before_the_question_mark_is_pointed_out() {
        assertThatThrownBy(() -> MqttUserName.parse("h.net/dev1?api-version=2021-04-12"))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContaining("position 11")
                .hasMessageContaining("write /?");
    }

    @Test
    void a_connection_string_in_the_wrong_place_does_not_leak_its_key() {
        assertThatThrownBy(() -> MqttUserName.parse("HostName=h;DeviceId=d;SharedAccessKey=c2VjcmV0"))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageNotContaining("c2VjcmV0");
    }
}
