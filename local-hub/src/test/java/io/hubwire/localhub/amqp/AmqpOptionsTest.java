package io.hubwire.localhub.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmqpOptionsTest {
    @Test
    void an_advertised_port_stays_whatever_else_is_changed() {
        AmqpOptions options = AmqpOptions.tls(0)
                .withAdvertisedPort(15671)
                .withPort(5671)
                .withPlainPort(5672)
                .withConsumerGroups(Set.of("mine"));
        assertThat(options.advertisedPort()).hasValue(15671);
        assertThat(options.port()).isEqualTo(5671);
        assertThat(options.consumerGroups()).containsExactlyInAnyOrder("$Default", "mine");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65_536})
    void a_port_that_nobody_can_call_cannot_be_advertised(int port) {
        assertThatThrownBy(() -> AmqpOptions.tls(0).withAdvertisedPort(port))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[" + port + "]");
    }
}
