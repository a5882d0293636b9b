package io.hubwire.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.engine.SharedAccessPolicy;
import io.hubwire.protocol.json.Json;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PolicyKeysTest {
    private final PolicyKeys keys = new PolicyKeys(new SecureRandom());

    @Test
    void every_policy_of_a_hub_and_its_dps_gets_two_keys_and_none_is_like_another() throws Exception {
        var document = Json.parseObject("keys", keys.json());
        Set<String> seen = new HashSet<>();
        Stream.concat(SharedAccessPolicy.defaults().stream(), SharedAccessPolicy.dpsDefaults().stream())
                .forEach(policy -> {
                    assertThat(document.at("/" + policy.name() + "/primaryKey").asText())
                            .hasSize(44)
                            .isNotEqualTo(policy.primaryKey().base64())
                            .isEqualTo(keys.primary(policy.name()).base64())
                            .satisfies(seen::add);
                    assertThat(document.at("/" + policy.name() + "/secondaryKey")
                                    .asText())
                            .hasSize(44)
                            .satisfies(seen::add);
                });
        assertThat(document).hasSize(6);
        assertThat(seen).hasSize(12);
        assertThat(new PolicyKeys(new SecureRandom()).json()).isNotEqualTo(keys.json());
    }

    @Test
    void an_unknown_policy_is_refused_with_those_there_are() {
        assertThatThrownBy(() -> keys.primary("owner"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[owner]")
                .hasMessageContaining("iothubowner");
    }

    @Test
    void no_key_is_shown() {
        assertThat(keys.toString()).doesNotContain(keys.primary("service").base64());
    }
}
