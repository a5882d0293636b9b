package io.hubwire.localhub.broker;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Scopes;
import com.hivemq.bootstrap.ioc.lazysingleton.LazySingleton;
import com.hivemq.codec.decoder.MQTTMessageDecoder;
import com.hivemq.codec.decoder.MqttConnectDecoder;
import com.hivemq.codec.decoder.MqttDecoders;
import com.hivemq.configuration.HivemqId;
import com.hivemq.configuration.service.FullConfigurationService;
import com.hivemq.limitation.TopicAliasLimiter;
import com.hivemq.metrics.handler.GlobalMQTTMessageCounter;
import com.hivemq.mqtt.handler.connack.MqttConnacker;
import com.hivemq.mqtt.handler.disconnect.MqttServerDisconnector;
import com.hivemq.util.ClientIds;

/**
 * Decoders with the hub's {@link BrokerSettings} inside a broker that has settings of its own. The broker's decoders read
 * theirs once, long before an extension starts; and its own listeners are to keep them.
 */
final class HubDecoders {
    private final FullConfigurationService settings = BrokerSettings.configuration();
    private final MqttConnacker connacker;
    private final MqttServerDisconnector disconnector;
    private final GlobalMQTTMessageCounter counter;
    private final MqttConnectDecoder connect;
    private final MqttDecoders others;

    /** @param broker has what decoders work with: who refuses, who disconnects, who counts */
    HubDecoders(Injector broker) {
        connacker = broker.getInstance(MqttConnacker.class);
        disconnector = broker.getInstance(MqttServerDisconnector.class);
        counter = broker.getInstance(GlobalMQTTMessageCounter.class);
        Injector decoders = Guice.createInjector(binder -> {
            binder.bindScope(LazySingleton.class, Scopes.SINGLETON);
            binder.bind(FullConfigurationService.class).toInstance(settings);
            binder.bind(MqttConnacker.class).toInstance(connacker);
            binder.bind(MqttServerDisconnector.class).toInstance(disconnector);
            binder.bind(HivemqId.class).toInstance(broker.getInstance(HivemqId.class));
            binder.bind(ClientIds.class).toInstance(broker.getInstance(ClientIds.class));
            binder.bind(TopicAliasLimiter.class).toInstance(broker.getInstance(TopicAliasLimiter.class));
        });
        connect = decoders.getInstance(MqttConnectDecoder.class);
        others = decoders.getInstance(MqttDecoders.class);
    }

    /** A decoder for one more connection. */
    MQTTMessageDecoder newDecoder() {
        return new MQTTMessageDecoder(connect, connacker, settings.mqttConfiguration(), others, disconnector, counter);
    }
}
