package io.hubwire.cli.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.cli.learn.Explained.Part;
import io.hubwire.protocol.InvalidInputException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of the wire, taken apart. */
class ExplainerTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private final Explainer explainer = new Explainer(NOW);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        404103                                                       | error code            | DeviceNotOnline
        404201                                                       | error code            | DPS
        DeviceNotFound                                               | error name            | 404001
        TOKEN_EXPIRED                                                | error code of hubwire | exit code 4
        devices/d1/messages/events/$.mid=7&alert=true                | topic                 | alert
        $iothub/methods/POST/#                                       | topic                 | direct methods
        h.example/d1/?api-version=2021-04-12&DeviceClientType=x      | user name             | d1
        c000                                                         | MQTT packet           | PINGREQ
        30 09 00 03 61 2f 62 68 69 21 21                             | MQTT packet           | PUBLISH
        {"operationId":"4.x","status":"assigning"}                   | answer of DPS         | assigning
        {"errorCode":401002,"trackingId":"t","message":"Unauthorized"} | error of hub or DPS | Unauthorized
        """)
    void each_kind_is_recognized(String value, String kind, String clue) {
        Explained explained = explainer.explain(value);
        assertThat(explained.kind() + explained.parts()).contains(clue);
        assertThat(explained.kind()).startsWith(kind);
        assertThat(explained.error()).isNull();
        assertThat(explained.parts()).isNotEmpty();
    }

    @Test
    void the_parts_of_a_topic_are_the_topic() {
        String topic = "devices/d1/messages/events/$.mid=7&alert=true";
        assertThat(explainer.explain(topic).parts().stream().map(Part::text).reduce("", String::concat))
                .isEqualTo(topic);
    }

    @Test
    void a_token_says_until_when_and_hides_its_signature() {
        SasToken token =
                SasToken.sign("h.example/devices/d1", SymmetricKey.ofBase64(KEY), NOW.plusSeconds(7_200 + 60), null);
        Explained explained = explainer.explain(token.text());
        assertThat(explained.toString())
                .contains("2 hours from now")
                .contains("h.example/devices/d1")
                .doesNotContain(token.text().replaceAll(".*sig=([^&]*).*", "$1"));
        assertThat(explainer.explain("SharedAccessSignature sr=x&se=1").error()).isNotNull();
    }

    @Test
    void a_connection_string_hides_its_key_and_shows_where_it_breaks() {
        String good = "HostName=h.example;DeviceId=d1;SharedAccessKey=" + KEY;
        assertThat(explainer.explain(good).toString())
                .contains("of a device")
                .contains("32 bytes")
                .doesNotContain(KEY);
        assertThat(explainer.explain(good).error()).isNull();
        Explained broken = explainer.explain("HostName=h.example;DeviceId=a b;SharedAccessKey=" + KEY);
        assertThat(broken.error()).contains("position").doesNotContain(KEY);
        assertThat(broken.parts()).hasSize(3);
        assertThat(explainer
                        .explain("Endpoint=sb://h.example/;SharedAccessKeyName=p;SharedAccessKey=" + KEY
                                + ";EntityPath=e")
                        .error())
                .isNull();
    }

    @Test
    void a_cut_packet_says_so_and_a_riddle_is_refused() {
        assertThat(explainer.explain("300900").error()).contains("3 bytes");
        assertThatThrownBy(() -> explainer.explain("hello, world"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[hello, world]")
                .hasMessageContaining("404103");
    }
}
