package io.hubwire.localhub;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.mqtt.MqttUserName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** A device made of a bare Paho client: what it is told to send, and what it got. Each wait is ten seconds at most. */
public final class PahoDevice implements AutoCloseable {
    private static final long WAIT_MILLIS = 10_000;

    /** A PUBLISH that came in. */
    public record Received(String topic, String body, int qos, boolean duplicate, int packetId) {}

    private final MqttAsyncClient client;
    private final MqttConnectOptions options = new MqttConnectOptions();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final CountDownLatch lost = new CountDownLatch(1);

    private PahoDevice(int port, String clientId, SSLContext tls) throws MqttException {
        this("ssl://localhost:" + port, clientId, tls);
    }

    private PahoDevice(String uri, String clientId, SSLContext tls) throws MqttException {
        client = new MqttAsyncClient(uri, clientId, new MemoryPersistence());
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setCleanSession(false);
        options.setMaxInflight(1000);
        if (!uri.startsWith("tcp:")) {
            options.setSocketFactory(tls.getSocketFactory());
        }
        client.setCallback(new MqttCallback() {
            @Override
            public void connectionLost(Throwable cause) {
                lost.countDown();
            }

            @Override
            public void messageArrived(String topic, MqttMessage message) {
                received.add(new Received(
                        topic,
                        new String(message.getPayload(), StandardCharsets.UTF_8),
                        message.getQos(),
                        message.isDuplicate(),
                        message.getId()));
            }

            @Override
            public void deliveryComplete(IMqttDeliveryToken token) {}
        });
    }

    /** A device of this hub with its key, not connected yet. */
    public static PahoDevice of(LocalHub hub, Identity identity) throws Exception {
        return withoutPassword(hub, identity, TlsTrust.pem(hub.caFile()).context())
                .password(token(hub, identity, hub.engine().clock().instant().plusSeconds(3600)));
    }

    /** A device of this hub with its key, that will come through the HTTPS port. @param path with its query */
    public static PahoDevice overWebSocket(LocalHub hub, Identity identity, String path) throws Exception {
        return overWebSocket(hub, identity, path, TlsTrust.pem(hub.caFile()).context())
                .password(token(hub, identity, hub.engine().clock().instant().plusSeconds(3600)));
    }

    /** The same, with at most a certificate to show. */
    public static PahoDevice overWebSocket(LocalHub hub, Identity identity, String path, SSLContext tls)
            throws Exception {
        return new PahoDevice("wss://localhost:" + hub.httpsPort() + path, identity.clientId(), tls)
                .userName(MqttUserName.of(hub.host(), identity).format());
    }

    /** A device that has at most a certificate to show. */
    public static PahoDevice withoutPassword(LocalHub hub, Identity identity, SSLContext tls) throws Exception {
        return new PahoDevice(hub.mqttPort(), identity.clientId(), tls)
                .userName(MqttUserName.of(hub.host(), identity).format());
    }

    /** A device of an endpoint that is no whole hub. */
    public static PahoDevice withoutPassword(int port, Identity identity, HubTls tls) throws Exception {
        return new PahoDevice(
                port, identity.clientId(), TlsTrust.pem(tls.caFile()).context());
    }

    /** A client of a hub in another process. @param uri with scheme, host and port */
    public static PahoDevice of(String uri, Path caFile, String clientId) throws Exception {
        return new PahoDevice(uri, clientId, TlsTrust.pem(caFile).context());
    }

    /** A client with nothing but an id. */
    public static PahoDevice raw(LocalHub hub, String clientId) throws Exception {
        return new PahoDevice(
                hub.mqttPort(), clientId, TlsTrust.pem(hub.caFile()).context());
    }

    /** A token signed with the primary key in the hub's registry. */
    public static String token(LocalHub hub, Identity identity, Instant expiry) {
        String key = hub.engine()
                .registry()
                .get(identity)
                .at("/authentication/symmetricKey/primaryKey")
                .asText();
        return SasToken.sign(hub.host() + "/" + identity.resource(), SymmetricKey.ofBase64(key), expiry, null)
                .text();
    }

    public PahoDevice userName(String text) {
        options.setUserName(text);
        return this;
    }

    public PahoDevice password(String text) {
        options.setPassword(text.toCharArray());
        return this;
    }

    public PahoDevice cleanSession(boolean clean) {
        options.setCleanSession(clean);
        return this;
    }

    /** 3 or 4. */
    public PahoDevice protocolLevel(int level) {
        options.setMqttVersion(level);
        return this;
    }

    public PahoDevice keepAlive(int seconds) {
        options.setKeepAliveInterval(seconds);
        return this;
    }

    public PahoDevice will(String topic, String body, int qos, boolean retain) {
        options.setWill(topic, body.getBytes(StandardCharsets.UTF_8), qos, retain);
        return this;
    }

    /** PUBACKs only by {@link #acknowledge}. */
    public PahoDevice manualAcks() {
        client.setManualAcks(true);
        return this;
    }

    /** Connects and waits for nothing. */
    public IMqttToken connecting() throws MqttException {
        return client.connect(options);
    }

    /** Connects. @return whether the hub had a stored session */
    public boolean connect() throws MqttException {
        var token = client.connect(options);
        token.waitForCompletion(WAIT_MILLIS);
        return token.getSessionPresent();
    }

    /** Connects and is refused. @return CONNACK's return code */
    public int refused() {
        try {
            connect();
        } catch (MqttException e) {
            return e.getReasonCode();
        }
        throw new AssertionError("the hub accepted the connection");
    }

    public void subscribe(String filter, int qos) throws MqttException {
        assertThat(grantedQos(filter, qos)).isEqualTo(Math.min(qos, 1));
    }

    public int grantedQos(String filter, int qos) throws MqttException {
        var token = client.subscribe(filter, qos);
        token.waitForCompletion(WAIT_MILLIS);
        return token.getGrantedQos()[0];
    }

    public void unsubscribe(String filter) throws MqttException {
        client.unsubscribe(filter).waitForCompletion(WAIT_MILLIS);
    }

    /** Sends and waits for the PUBACK. */
    public void publish(String topic, String body) throws MqttException {
        publish(topic, body.getBytes(StandardCharsets.UTF_8), 1, false);
    }

    public void publish(String topic, byte[] body, int qos, boolean retained) throws MqttException {
        client.publish(topic, body, qos, retained).waitForCompletion(WAIT_MILLIS);
    }

    /** Sends and waits for nothing. */
    public IMqttDeliveryToken send(String topic, String body, int qos) throws MqttException {
        return client.publish(topic, body.getBytes(StandardCharsets.UTF_8), qos, false);
    }

    /** The next PUBLISH that came in, or came in already. */
    public Received next() throws InterruptedException {
        Received next = received.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(next).as("a message for " + client.getClientId()).isNotNull();
        return next;
    }

    /** What came in and was not asked for yet. */
    public int waiting() {
        return received.size();
    }

    public void acknowledge(Received message) throws MqttException {
        client.messageArrivedComplete(message.packetId(), message.qos());
    }

    /** Waits until the hub has cut the connection. */
    public boolean wasCut() throws InterruptedException {
        return lost.await(WAIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    public boolean isConnected() {
        return client.isConnected();
    }

    public void disconnect() throws MqttException {
        client.disconnect(0).waitForCompletion(WAIT_MILLIS);
    }

    /** Cuts the socket without DISCONNECT. */
    public void vanish() throws MqttException {
        client.disconnectForcibly(0, 1, false);
    }

    @Override
    public void close() throws MqttException {
        if (client.isConnected()) {
            disconnect();
        }
        client.close();
    }
}
