package io.hubwire.localhub.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.common.shutdown.ShutdownHooks;
import com.hivemq.configuration.service.FullConfigurationService;
import com.hivemq.extensions.HiveMQExtensions;
import com.hivemq.extensions.services.executor.GlobalManagedExtensionExecutorService;
import com.hivemq.extensions.services.executor.ManagedExecutorServicePerExtension;
import com.hivemq.mqtt.message.QoS;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That the way to the broker's parts is right, a stock broker shows; here, what it says when it is not. */
class BrokerPartsTest {
    private static final class Holder {
        final int number = 1;
        final Object anything = "not asked for";
        final CharSequence none = null;
        final String text = "asked for";
    }

    @Test
    void finds_the_field_by_its_type() throws IOException {
        assertThat(BrokerParts.find(new Holder(), CharSequence.class)).isEqualTo(Optional.of("asked for"));
        assertThat(BrokerParts.find(new Holder(), Integer.class)).isEmpty();
    }

    @Test
    void names_version_and_field_when_the_broker_is_another() {
        ManagedExecutorServicePerExtension without =
                new ManagedExecutorServicePerExtension(null, getClass().getClassLoader(), new HiveMQExtensions(null));
        assertThatThrownBy(() -> BrokerParts.of(without))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("HiveMQ 2025.5")
                .hasMessageContaining("[" + ManagedExecutorServicePerExtension.class.getName()
                        + "] has no field of type [" + GlobalManagedExtensionExecutorService.class.getName() + "]");
        ManagedExecutorServicePerExtension noHook = new ManagedExecutorServicePerExtension(
                new GlobalManagedExtensionExecutorService(new ShutdownHooks()),
                getClass().getClassLoader(),
                new HiveMQExtensions(null));
        assertThatThrownBy(() -> BrokerParts.of(noHook))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("shutdown hooks []");
    }

    @Test
    void says_which_settings_of_a_broker_are_in_the_hubs_way() {
        FullConfigurationService settings = BrokerSettings.configuration();
        assertThat(BrokerSettings.restrictions(settings)).isEmpty();
        settings.mqttConfiguration().setWildcardSubscriptionsEnabled(false);
        settings.mqttConfiguration().setRetainedMessagesEnabled(false);
        settings.mqttConfiguration().setMaximumQos(QoS.AT_MOST_ONCE);
        settings.mqttConfiguration().setKeepAliveMax(60);
        settings.restrictionsConfiguration().setMaxClientIdLength(23);
        settings.restrictionsConfiguration().setMaxTopicLength(100);
        assertThat(BrokerSettings.restrictions(settings))
                .containsExactlyInAnyOrder(
                        "[restrictions/max-client-id-length] is 23, a hub allows 261",
                        "[restrictions/max-topic-length] is 100, a hub allows 65535",
                        "[mqtt/keep-alive/max-keep-alive] is 60, a hub allows 1178",
                        "[mqtt/quality-of-service/max-qos] is 0, a hub allows 1",
                        "[mqtt/retained-messages] is switched off, a hub allows them",
                        "[mqtt/wildcard-subscriptions] is switched off, a hub allows them");
    }
}
