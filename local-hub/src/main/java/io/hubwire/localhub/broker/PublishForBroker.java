package io.hubwire.localhub.broker;

import com.hivemq.extension.sdk.api.packets.publish.PublishPacket;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.mqtt5.Mqtt5UserProperties;
import com.hivemq.mqtt.message.mqtt5.MqttUserProperty;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.publish.PUBLISHFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Shows the broker each PUBLISH in the form that makes it ask the hub. It stands behind the barrier that holds packets back
 * until CONNACK, since only then it is known how the hub takes QoS 2.
 *
 * <p>The broker remembers the packet id of each message at QoS 1 until it writes the PUBACK through its whole pipeline. The
 * PUBACK of a message that the hub has taken it writes from the middle, so it never forgets, and drops what comes again
 * with DUP as a message in progress: no PUBACK for a client that has lost the first one. The hub takes a message as often as
 * it comes (mqtt-device 1.8), so the broker sees each as the first one, and DUP travels in a user property, which MQTT 3.1.1
 * has no place for.
 */
final class PublishForBroker extends ChannelInboundHandlerAdapter {
    private static final String DUPLICATE = "hubwire-dup";
    private static final Mqtt5UserProperties MARK = Mqtt5UserProperties.of(MqttUserProperty.of(DUPLICATE, "true"));

    private final Connection connection;

    PublishForBroker(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object packet) {
        ctx.fireChannelRead(packet instanceof PUBLISH sent ? shown(sent, connection.acknowledgesQos2()) : packet);
    }

    private static PUBLISH shown(PUBLISH sent, boolean qos2AsQos1) {
        boolean lowered = qos2AsQos1 && sent.getQoS() == QoS.EXACTLY_ONCE;
        QoS qos = lowered ? QoS.AT_LEAST_ONCE : sent.getQoS();
        boolean again = sent.isDuplicateDelivery() && qos == QoS.AT_LEAST_ONCE;
        if (!lowered && !again) {
            return sent;
        }
        PUBLISHFactory.Mqtt5Builder shown = new PUBLISHFactory.Mqtt5Builder()
                .fromPublish(sent)
                .withQoS(qos)
                .withOnwardQos(qos)
                .withDuplicateDelivery(false);
        return (again ? shown.withUserProperties(MARK) : shown).build();
    }

    /** Whether the client sent it with DUP. */
    static boolean isDuplicate(PublishPacket shown) {
        return shown.getDupFlag()
                || shown.getUserProperties().getFirst(DUPLICATE).isPresent();
    }
}
