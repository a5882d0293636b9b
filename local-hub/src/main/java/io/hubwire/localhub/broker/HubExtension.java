package io.hubwire.localhub.broker;

import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.client.parameter.ConnectionInformation;
import com.hivemq.extension.sdk.api.interceptor.connect.ConnectInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.connect.parameter.ConnectInboundInput;
import com.hivemq.extension.sdk.api.interceptor.connect.parameter.ConnectInboundOutput;
import com.hivemq.extension.sdk.api.interceptor.publish.PublishInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundInput;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundOutput;
import com.hivemq.extension.sdk.api.interceptor.subscribe.SubscribeInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.subscribe.parameter.SubscribeInboundInput;
import com.hivemq.extension.sdk.api.interceptor.subscribe.parameter.SubscribeInboundOutput;
import com.hivemq.extension.sdk.api.interceptor.unsubscribe.UnsubscribeInboundInterceptor;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.connect.ConnectPacket;
import com.hivemq.extension.sdk.api.packets.general.MqttVersion;
import com.hivemq.extension.sdk.api.packets.general.Qos;
import com.hivemq.extension.sdk.api.packets.publish.AckReasonCode;
import com.hivemq.extension.sdk.api.packets.publish.ModifiableConnectPacket;
import com.hivemq.extension.sdk.api.packets.publish.PublishPacket;
import com.hivemq.extension.sdk.api.packets.subscribe.ModifiableSubscription;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.localhub.mqtt.ConnectRequest;
import io.hubwire.localhub.mqtt.IncomingPublish;
import io.hubwire.localhub.mqtt.Will;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub as a HiveMQ extension: turns the packets that call for a decision into calls on their {@link Connection} and
 * the decisions into what the SDK offers. Nothing here throws: the SDK would acknowledge a message whose interceptor
 * failed.
 */
final class HubExtension implements ExtensionMain {
    /** So that one and a half times the keep-alive is at most 1767 s; 0 counts as this. Source: mqtt-device 1.5. */
    static final int MAX_KEEP_ALIVE_SECONDS = 1178;

    private static final Logger log = LoggerFactory.getLogger("io.hubwire.localhub.mqtt");

    private final Connections connections;
    private volatile int port;
    private volatile boolean retired;

    HubExtension(Connections connections) {
        this.connections = connections;
    }

    @Override
    public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
        register();
    }

    /** Hooks the hub into the broker that starts this extension; on the thread on which it does. */
    void register() {
        ConnectInboundInterceptor connect = this::connecting;
        SimpleAuthenticator authenticator = this::authenticate;
        PublishInboundInterceptor publish = this::publishing;
        SubscribeInboundInterceptor subscribe = this::subscribing;
        UnsubscribeInboundInterceptor unsubscribe = (in, out) -> connection(in.getConnectionInformation())
                .ifPresent(c -> c.unsubscribed(in.getUnsubscribePacket().getTopicFilters()));
        Services.interceptorRegistry().setConnectInboundInterceptorProvider(any -> retired ? null : connect);
        Services.securityRegistry().setAuthenticatorProvider(any -> retired ? null : authenticator);
        Services.initializerRegistry().setClientInitializer((any, client) -> {
            if (retired) {
                return;
            }
            client.addPublishInboundInterceptor(publish);
            client.addSubscribeInboundInterceptor(subscribe);
            client.addUnsubscribeInboundInterceptor(unsubscribe);
        });
    }

    /** Has no say any more: a broker may keep what an extension registered that then did not start. */
    void retire() {
        retired = true;
    }

    /** Where to send a client that comes by another door: the hub's own port. */
    void listensOn(int mqttPort) {
        port = mqttPort;
    }

    @Override
    public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {}

    private void connecting(ConnectInboundInput input, ConnectInboundOutput output) {
        connection(input.getConnectionInformation()).ifPresent(connection -> {
            try {
                prepare(connection, input.getConnectPacket(), output.getConnectPacket());
            } catch (RuntimeException | Error e) { // the SDK takes no client id with control characters, for one
                connection.close("a CONNECT the broker cannot take: " + e.getMessage());
            }
        });
    }

    /** Takes session and will away from the broker: both are the hub's. */
    private static void prepare(Connection connection, ConnectPacket sent, ModifiableConnectPacket packet) {
        ConnectRequest asked = request(sent, connection.requireFacts());
        connection.asked(asked);
        if (!asked.displacementId().equals(packet.getClientId())) {
            packet.setClientId(asked.displacementId());
        }
        packet.setWillPublish(null);
        packet.setCleanStart(true);
        if (packet.getMqttVersion() == MqttVersion.V_5) {
            return; // is about to be refused
        }
        packet.setSessionExpiryInterval(0);
        packet.setKeepAlive(keepAlive(packet.getKeepAlive()));
    }

    /** What counts of the keep-alive a client asks for, both in seconds. */
    static int keepAlive(int asked) {
        return asked == 0 ? MAX_KEEP_ALIVE_SECONDS : Math.min(asked, MAX_KEEP_ALIVE_SECONDS);
    }

    private static ConnectRequest request(ConnectPacket packet, ConnectionFacts facts) {
        int level =
                switch (packet.getMqttVersion()) {
                    case V_3_1 -> 3;
                    case V_3_1_1 -> 4;
                    case V_5 -> 5;
                };
        return new ConnectRequest(
                level,
                packet.getClientId(),
                packet.getUserName().orElse(null),
                packet.getPassword().map(HubExtension::text).orElse(null),
                packet.getCleanStart(),
                packet.getWillPublish()
                        .map(w -> new Will(w.getTopic(), bytes(w.getPayload()), w.getRetain()))
                        .orElse(null),
                facts);
    }

    private void authenticate(SimpleAuthInput input, SimpleAuthOutput output) {
        ConnectionInformation information = input.getConnectionInformation();
        ConnackReasonCode code =
                connection(information).map(Connection::authenticate).orElseGet(() -> elsewhere(information));
        if (code == ConnackReasonCode.SUCCESS) {
            output.authenticateSuccessfully();
        } else {
            output.failAuthentication(code);
        }
    }

    /** The client is gone by now, or the broker has listeners that are not the hub's. */
    private ConnackReasonCode elsewhere(ConnectionInformation information) {
        if (connections.areOurs(information.getConnectionAttributeStore())) {
            return ConnackReasonCode.SERVER_UNAVAILABLE;
        }
        log.info(
                "refused a client from {} on the broker's own listener [{}]: devices connect by TLS to port {}",
                information.getInetAddress().map(InetAddress::getHostAddress).orElse("(unknown)"),
                information
                        .getListener()
                        .map(l -> l.getName() + ", port " + l.getPort())
                        .orElse("(unknown)"),
                port);
        return ConnackReasonCode.NOT_AUTHORIZED;
    }

    private void publishing(PublishInboundInput input, PublishInboundOutput output) {
        PublishPacket packet = input.getPublishPacket();
        boolean taken = connection(input.getConnectionInformation())
                .map(c -> c.published(
                        new IncomingPublish(
                                packet.getTopic(),
                                bytes(packet.getPayload()),
                                packet.getQos().getQosNumber(),
                                packet.getRetain(),
                                PublishForBroker.isDuplicate(packet)),
                        packet.getPacketId()))
                .orElse(false);
        if (taken) {
            output.preventPublishDelivery();
        } else {
            output.preventPublishDelivery(AckReasonCode.NOT_AUTHORIZED);
        }
    }

    private void subscribing(SubscribeInboundInput input, SubscribeInboundOutput output) {
        Map<String, Integer> filters = new LinkedHashMap<>();
        for (ModifiableSubscription subscription : output.getSubscribePacket().getSubscriptions()) {
            filters.put(subscription.getTopicFilter(), subscription.getQos().getQosNumber());
            if (subscription.getQos() == Qos.EXACTLY_ONCE) {
                subscription.setQos(Qos.AT_LEAST_ONCE);
            }
        }
        // a refusal has already begun to cut the connection: the SUBACK will not leave
        connection(input.getConnectionInformation()).ifPresent(c -> c.subscribing(filters));
    }

    private Optional<Connection> connection(ConnectionInformation information) {
        return connections.find(information.getConnectionAttributeStore());
    }

    private static byte[] bytes(Optional<ByteBuffer> payload) {
        return payload.map(buffer -> {
                    byte[] copy = new byte[buffer.remaining()];
                    buffer.duplicate().get(copy);
                    return copy;
                })
                .orElseGet(() -> new byte[0]);
    }

    private static String text(ByteBuffer password) {
        return StandardCharsets.UTF_8.decode(password.duplicate()).toString();
    }
}
