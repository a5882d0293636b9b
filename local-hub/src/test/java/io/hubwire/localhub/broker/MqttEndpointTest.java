package io.hubwire.localhub.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.endpoint.EndpointContext;
import io.hubwire.localhub.mqtt.ConnectDecision;
import io.hubwire.localhub.mqtt.ConnectRequest;
import io.hubwire.localhub.mqtt.Conversation;
import io.hubwire.localhub.mqtt.IncomingPublish;
import io.hubwire.localhub.mqtt.Link;
import io.hubwire.localhub.mqtt.PublishDecision;
import io.hubwire.localhub.mqtt.SubscribeDecision;
import io.hubwire.localhub.tls.HubTls;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MqttEndpointTest {
    @TempDir
    Path folder;

    /** Lets anyone in and writes down what happens. */
    private static final class Scribe implements Conversation {
        final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        final ConnectRequest request;
        final Link link;

        Scribe(ConnectRequest request, Link link) {
            this.request = request;
            this.link = link;
        }

        @Override
        public boolean opened() {
            seen.add("opened");
            return true;
        }

        @Override
        public void accepted() {
            seen.add("accepted");
        }

        @Override
        public PublishDecision published(IncomingPublish packet, Runnable safe) {
            seen.add("published " + packet.topic() + " " + new String(packet.payload()) + " " + packet.qos());
            safe.run();
            return new PublishDecision.Taken();
        }

        @Override
        public SubscribeDecision subscribing(Map<String, Integer> filters) {
            seen.add("subscribing " + filters);
            return new SubscribeDecision.Granted();
        }

        @Override
        public void subscribed() {
            seen.add("subscribed");
        }

        @Override
        public void unsubscribed(List<String> filters) {
            seen.add("unsubscribed " + filters);
        }

        @Override
        public void acknowledged(int packetId) {
            seen.add("acknowledged " + packetId);
        }

        @Override
        public void writable() {
            seen.add("writable");
        }

        @Override
        public void closed(boolean graceful) {
            seen.add("closed " + graceful);
        }
    }

    @Test
    void carries_a_publish_of_a_real_client_into_the_conversation() throws Exception {
        HubTls tls = HubTls.open(folder, List.of("localhost"), Clock.systemUTC(), new SecureRandom());
        BlockingQueue<Scribe> scribes = new LinkedBlockingQueue<>();
        for (int i = 0; i < 3; i++) {
        long t0 = System.nanoTime();
        try (MqttEndpoint endpoint = MqttEndpoint.start(
                new EndpointContext(null, tls, List.of(InetAddress.getLoopbackAddress())), 0, (request, link) -> {
                    Scribe scribe = new Scribe(request, link);
                    scribes.add(scribe);
                    return new ConnectDecision.Accepted(scribe);
                })) {
            System.err.println("start ms " + (System.nanoTime() - t0) / 1000000);
            MqttClient client =
                    new MqttClient("ssl://localhost:" + endpoint.port(), "dev1", new MemoryPersistence());
            MqttConnectOptions options = new MqttConnectOptions();
            options.setUserName("user");
            options.setPassword("secret".toCharArray());
            options.setSocketFactory(trusting(tls).getSocketFactory());
            client.connect(options);
            client.subscribe("a/#", 2);
            client.publish("devices/dev1/messages/events/", "hi".getBytes(), 1, false);
            client.disconnect();
            client.close();
            Scribe scribe = scribes.poll(5, TimeUnit.SECONDS);
            assertThat(scribe.request.password()).isEqualTo("secret");
            assertThat(scribe.request.facts().hostAsked()).isEqualTo("localhost");
            Thread.sleep(100);
            System.err.println(scribe.seen);
            t0 = System.nanoTime();
        }
        System.err.println("stop ms " + (System.nanoTime() - t0) / 1000000);
        }
    }

    static SSLContext trusting(HubTls tls) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", tls.authority());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, trust.getTrustManagers(), null);
        return client;
    }
}
