package io.hubwire.localhub.broker;

import com.hivemq.configuration.service.FullConfigurationService;
import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.configuration.service.PersistenceConfigurationService.PersistenceMode;
import com.hivemq.configuration.service.impl.ConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.MqttConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.PersistenceConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.RestrictionsConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.SecurityConfigurationServiceImpl;
import com.hivemq.configuration.service.impl.listener.ListenerConfigurationServiceImpl;
import com.hivemq.statistics.UsageStatisticsConfigImpl;

/**
 * How the broker is set up: by code, since a configuration file that does not parse would silently leave it on its
 * defaults (port 1883 on all addresses, files for persistence).
 */
final class BrokerSettings {
    /** The largest message (mqtt-device 1.8), the longest topic and a header. Larger packets end the connection. */
    static final int MAX_PACKET_BYTES = 262_144 + 65_535 + 16;

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
        // ConnectDeadline's job: the broker's time-out starts anew with each byte
        settings.restrictionsConfiguration().setNoConnectIdleTimeout(0);
        return settings;
    }

    /** The broker's static settings, which all brokers of a JVM share; the same for every hub. */
    static void applyToJvm() {
        InternalConfigurations.AUTH_DENY_UNAUTHENTICATED_CONNECTIONS.set(true);
        InternalConfigurations.JMX_REPORTER_ENABLED.set(false);
        // nothing of value is ever in the broker's store
        InternalConfigurations.PERSISTENCE_SHUTDOWN_GRACE_PERIOD_MSEC.set(0);
    }
}
