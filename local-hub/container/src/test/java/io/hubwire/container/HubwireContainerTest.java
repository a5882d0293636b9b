package io.hubwire.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.auth.EventHubConnectionString;
import io.hubwire.localhub.LocalHub;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What needs no container engine; the rest is in {@link HubwireContainerIT}. */
class HubwireContainerTest {
    private final HubwireContainer hub = new HubwireContainer();

    @Test
    void by_default_it_takes_the_public_image_of_the_broker_the_hub_is_built_for() {
        assertThat(HubwireContainer.defaultImage().toString()).matches("hivemq/hivemq-ce:20\\d\\d\\.\\d+");
    }

    @Test
    void only_the_ports_with_tls_are_to_be_seen_from_outside() {
        assertThat(hub.getExposedPorts()).containsExactly(8883, 8443, 5671);
    }

    @Test
    void keys_are_neither_in_the_environment_nor_shown() {
        assertThat(hub.getEnvMap()).containsEntry("HUBWIRE_KEYS_FILE", "/hubwire/keys.json");
        assertThat(hub.getEnvMap().values()).noneMatch(value -> value.matches(".*[A-Za-z0-9+/]{43}=.*"));
        assertThat(hub.toString()).isEqualTo("HubwireContainer[not running]");
    }

    @Test
    void options_are_variables_of_the_container() {
        hub.withData(Path.of("somewhere")).withQuota("S1").withEnv("HUBWIRE_FSYNC", "true");
        assertThat(hub.getEnvMap())
                .containsEntry("HUBWIRE_DATA", "/hubwire/data")
                .containsEntry("HUBWIRE_QUOTA", "S1")
                .containsEntry("HUBWIRE_FSYNC", "true");
    }

    @Test
    @Timeout(30)
    void names_are_those_of_a_local_hub() {
        try (LocalHub local = LocalHub.start()) {
            assertThat(hub.idScope()).isEqualTo(local.idScope());
            assertThat(EventHubConnectionString.parse(local.eventHubConnectionString())
                            .entityPath())
                    .isEqualTo(HubwireContainer.EVENT_ENTITY);
        }
    }

    @Test
    void before_the_start_there_is_no_port_and_no_authority() {
        assertThatThrownBy(hub::mqttPort).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(hub::caFile)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not been started");
        hub.stop();
    }
}
