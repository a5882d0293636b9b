package io.hubwire.protocol.mqtt;

import static io.hubwire.protocol.mqtt.HubSubscription.CLOUD_TO_DEVICE;
import static io.hubwire.protocol.mqtt.HubSubscription.DESIRED_PROPERTIES;
import static io.hubwire.protocol.mqtt.HubSubscription.METHODS;
import static io.hubwire.protocol.mqtt.HubSubscription.MODULE_INPUTS;
import static io.hubwire.protocol.mqtt.HubSubscription.TWIN_RESPONSES;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.Identity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubSubscriptionTest {
    private static final Identity DEVICE = Identity.device("d");
    private static final Identity MODULE = Identity.module("d", "m");

    @Test
    void the_documented_filters_are_served() {
        assertThat(HubSubscription.of(DEVICE, "devices/d/messages/devicebound/#"))
                .containsOnly(CLOUD_TO_DEVICE);
        assertThat(HubSubscription.of(DEVICE, "$iothub/methods/POST/#")).containsOnly(METHODS);
        assertThat(HubSubscription.of(DEVICE, "$iothub/twin/res/#")).containsOnly(TWIN_RESPONSES);
        assertThat(HubSubscription.of(MODULE, "$iothub/twin/PATCH/properties/desired/#"))
                .containsOnly(DESIRED_PROPERTIES);
        assertThat(HubSubscription.of(MODULE, "devices/d/modules/m/inputs/#")).containsOnly(MODULE_INPUTS);
        assertThat(HubSubscription.of(MODULE, "devices/d/modules/m/messages/devicebound/#"))
                .containsOnly(CLOUD_TO_DEVICE);
    }

    @Test
    void a_modules_wide_filter_asks_for_all_its_messages() {
        assertThat(HubSubscription.of(MODULE, "devices/d/modules/m/#"))
                .containsExactlyInAnyOrder(MODULE_INPUTS, CLOUD_TO_DEVICE);
    }

    @Test
    void a_plus_stands_for_ones_own_id() {
        assertThat(HubSubscription.of(DEVICE, "devices/+/messages/devicebound/#"))
                .containsOnly(CLOUD_TO_DEVICE);
        assertThat(HubSubscription.of(MODULE, "devices/+/modules/+/inputs/#")).containsOnly(MODULE_INPUTS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "devices/other/messages/devicebound/#",
                "devices/d/messages/devicebound/",
                "devices/d/messages/+/#",
                "devices/d/modules/m/#",
                "devices/d/#",
                "$iothub/methods/POST/blink/#",
                "$iothub/#",
                "#",
                ""
            })
    void nothing_else_is_served_to_a_device(String filter) {
        assertThat(HubSubscription.of(DEVICE, filter)).isEmpty();
    }
}
