package io.hubwire.localhub.broker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.HiveMQServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That it passes, every other test of a hub shows; here, that it can fail. */
class BrokerSelfTestTest {
    private static final List<String> GOOD =
            List.of("mqtt_message_decoder", "mqtt_message_encoder", "hubwire_connection", "mqtt_message_barrier");

    @Test
    void knows_the_broker_it_was_written_for() {
        assertThatCode(() -> BrokerSelfTest.checkVersion(HiveMQServer.class.getPackage()))
                .doesNotThrowAnyException();
        assertThatCode(() -> BrokerSelfTest.checkPipeline(GOOD)).doesNotThrowAnyException();
    }

    @Test
    void does_not_judge_a_jar_that_is_not_hivemqs_own() {
        assertThatCode(() -> BrokerSelfTest.checkVersion(Test.class.getPackage()))
                .doesNotThrowAnyException();
    }

    @Test
    void refuses_a_pipeline_in_another_order() {
        for (List<String> other : List.of(
                List.<String>of(),
                List.of("mqtt_message_encoder", "hubwire_connection", "mqtt_message_decoder", "mqtt_message_barrier"),
                List.of(
                        "mqtt_message_decoder",
                        "mqtt_message_encoder",
                        "something_new",
                        "hubwire_connection",
                        "mqtt_message_barrier"),
                List.of(
                        "mqtt_message_decoder",
                        "mqtt_message_barrier",
                        "mqtt_message_encoder",
                        "hubwire_connection"))) {
            assertThatThrownBy(() -> BrokerSelfTest.checkPipeline(other))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("2025.5")
                    .hasMessageContaining(other.toString());
        }
    }
}
