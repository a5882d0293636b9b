package io.hubwire.localhub.broker;

import com.google.inject.Binder;
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
    private final Injector broker;
    private final MqttConnectDecoder connect;
    private final MqttDecoders others;

    HubDecoders(Injector broker) {
        this.broker = broker;
        Injector decoders = Guice.createInjector(binder -> {
            binder.bindScope(LazySingleton.class, Scopes.SINGLETON);
            binder.bind(FullConfigurationService.class).toInstance(settings);
            share(binder, MqttConnacker.class);
            share(binder, MqttServerDisconnector.class);
            share(binder, HivemqId.class);
            share(binder, ClientIds.class);
            share(binder, TopicAliasLimiter.class);
        });
        connect = decoders.getInstance(MqttConnectDecoder.class);
        others = decoders.getInstance(MqttDecoders.class);
    }

    /** A decoder for one more connection. */
    MQTTMessageDecoder newDecoder() {
        return new MQTTMessageDecoder(
                connect,
                broker.getInstance(MqttConnacker.class),
                settings.mqttConfiguration(),
                others,
                broker.getInstance(MqttServerDisconnector.class),
                broker.getInstance(GlobalMQTTMessageCounter.class));
    }

    private <T> void share(Binder binder, Class<T> part) {
        binder.bind(part).toInstance(broker.getInstance(part));
    }
}
