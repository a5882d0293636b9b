package io.hubwire.cli.bench.peer;

import io.hubwire.cli.bench.load.Publisher;
import io.hubwire.cli.bench.load.Target;
import java.time.Clock;
import java.util.function.Consumer;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.jspecify.annotations.Nullable;

/** Paho's asynchronous client with memory persistence and nothing of ours around it. */
public final class PahoPublisher implements Publisher {
    private static final long ANSWER_MILLIS = 30_000;
    /** Paho counts a message for some time after it has told of its end, and throws beyond its limit; ids end at 65,535. */
    private static final int AT_MOST_BEHIND = 60_000;

    private final Target target;
    private final Clock clock;
    private final int window;
    private final MqttAsyncClient client;
    private final String topic;
    private final byte[] body;

    public PahoPublisher(Target target, int window, Clock clock) throws MqttException {
        this.target = target;
        this.clock = clock;
        this.window = window;
        this.topic = target.topic();
        this.body = target.body();
        this.client = new MqttAsyncClient(
                "ssl://" + target.host() + ":" + target.port(), target.device().deviceId(), new MemoryPersistence());
    }

    @Override
    public void connect() throws MqttException {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setCleanSession(false);
        options.setMaxInflight(window + AT_MOST_BEHIND);
        options.setUserName(target.userName());
        options.setPassword(target.password(clock).toCharArray());
        options.setSocketFactory(target.trust().context().getSocketFactory());
        client.connect(options).waitForCompletion(ANSWER_MILLIS);
    }

    @Override
    public void publish(Consumer<@Nullable Throwable> done) throws MqttException {
        client.publish(topic, body, 1, false, null, new IMqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
                done.accept(null);
            }

            @Override
            public void onFailure(IMqttToken token, Throwable failure) {
                done.accept(failure);
            }
        });
    }

    @Override
    public void publishAndWait() throws MqttException {
        client.publish(topic, body, 1, false).waitForCompletion(ANSWER_MILLIS);
    }

    @Override
    public void close() {
        try {
            client.disconnectForcibly(0, 10, true);
            client.close(true);
        } catch (MqttException e) {
            throw new IllegalStateException("Paho did not close", e);
        }
    }
}
