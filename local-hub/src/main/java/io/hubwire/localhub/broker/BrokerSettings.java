package io.hubwire.localhub.broker;

import com.hivemq.configuration.service.FullConfigurationService;
import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.configuration.service.MqttConfigurationService;
import com.hivemq.configuration.service.PersistenceConfigurationService.PersistenceMode;
import com.hivemq.configuration.service.RestrictionsConfigurationService;
import com.hivemq.configuration.service.impl.ConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.MqttConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.PersistenceConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.RestrictionsConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.SecurityConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.listener.ListenerConfigurationServiceImpl;
import com.hivemq.statistics.UsageStatisticsConfigImpl;
import java.util.ArrayList;
import java.util.List;

/**
 * How an embedded broker is set up: by code, since a configuration file that does not parse would silently leave it on its
 * defaults (port 1883 on all addresses, files for persistence). What of it matters to a connection holds for the hub's
 * connections inside any other broker, too ({@link HubDecoders}).
 */
final class BrokerSettings {
    /** The largest message (mqtt-device 1.8), the longest topic and a header. Larger packets end the connection. */
    static final int MAX_PACKET_BYTES = 262_144 + 65_535 + 16;

    /** A module's, {@code device/module}, and the four signs {@link io.hubwire.localhub.mqtt.ConnectRequest} may add. */
    private static final int LONGEST_CLIENT_ID = 128 + 1 + 128 + 4;

    private static final int LONGEST_TOPIC = 65_535;

    private BrokerSettings() {}

    /** In memory, without listeners (the hub opens its own), without usage statistics. */
    static FullConfigurationService configuration() {
        FullConfigurationService settings = new ConfigurationServiceImpl(
                new ListenerConfigurationServiceImpl(),
                new MqttConfigurationServiceImpl(),
                new RestrictionsConfigurationServiceImpl(),
                new SecurityConfigurationServiceImpl(),
                new UsageStatisticsConfigImpl(),
                new PersistenceConfigurationServiceImpl());
        settings.persistenceConfigurationService().setMode(PersistenceMode.IN_MEMORY);
        settings.usageStatisticsConfiguration().setEnabled(false);
        settings.mqttConfiguration().setMaxPacketSize(MAX_PACKET_BYTES);
        settings.securityConfiguration().setAllowServerAssignedClientId(false);
        // a tab in a property of telemetry, which some clients send, is legal if unwise
        settings.securityConfiguration().setValidateUTF8(false);
        return settings;
    }

    /** The broker's static settings, which all brokers of a JVM share; the same for every hub. */
    static void applyToJvm() {
        InternalConfigurations.AUTH_DENY_UNAUTHENTICATED_CONNECTIONS.set(true);
        InternalConfigurations.JMX_REPORTER_ENABLED.set(false);
        // nothing of value is ever in the broker's store
        InternalConfigurations.PERSISTENCE_SHUTDOWN_GRACE_PERIOD_MSEC.set(0);
    }

    /**
     * What a broker with settings of its own refuses to the hub's clients although a hub allows it.
     *
     * @return one sentence each, naming the element of the broker's configuration
     */
    static List<String> restrictions(FullConfigurationService broker) {
        List<String> found = new ArrayList<>();
        RestrictionsConfigurationService limits = broker.restrictionsConfiguration();
        MqttConfigurationService mqtt = broker.mqttConfiguration();
        atLeast(found, "restrictions/max-client-id-length", limits.maxClientIdLength(), LONGEST_CLIENT_ID);
        atLeast(found, "restrictions/max-topic-length", limits.maxTopicLength(), LONGEST_TOPIC);
        atLeast(found, "mqtt/keep-alive/max-keep-alive", mqtt.keepAliveMax(), HubExtension.MAX_KEEP_ALIVE_SECONDS);
        atLeast(found, "mqtt/quality-of-service/max-qos", mqtt.maximumQos().getQosNumber(), 1);
        enabled(found, "mqtt/retained-messages", mqtt.retainedMessagesEnabled());
        enabled(found, "mqtt/wildcard-subscriptions", mqtt.wildcardSubscriptionsEnabled());
        return found;
    }

    private static void atLeast(List<String> found, String element, int is, int needed) {
        if (is < needed) {
            found.add("[" + element + "] is " + is + ", a hub allows " + needed);
        }
    }

    private static void enabled(List<String> found, String element, boolean is) {
        if (!is) {
            found.add("[" + element + "] is switched off, a hub allows them");
        }
    }
}
