package io.hubwire.localhub.broker;

import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.connack.CONNACK;
import com.hivemq.mqtt.message.connack.Mqtt3ConnAckReturnCode;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.publish.PUBLISHFactory;
import com.hivemq.mqtt.message.reason.Mqtt5ConnAckReasonCode;
import io.hubwire.localhub.mqtt.ConnackCode;
import io.hubwire.localhub.mqtt.OutgoingPublish;

/** What the hub says, in the broker's terms. Pure. */
final class BrokerPackets {
    private BrokerPackets() {}

    /** The reason that the broker puts on the wire as this code. */
    static ConnackReasonCode reason(ConnackCode refusal) {
        return switch (refusal) {
            case UNACCEPTABLE_PROTOCOL_VERSION -> ConnackReasonCode.UNSUPPORTED_PROTOCOL_VERSION;
            case IDENTIFIER_REJECTED -> ConnackReasonCode.CLIENT_IDENTIFIER_NOT_VALID;
            case BAD_USER_NAME_OR_PASSWORD -> ConnackReasonCode.BAD_USER_NAME_OR_PASSWORD;
            case NOT_AUTHORIZED -> ConnackReasonCode.NOT_AUTHORIZED;
            case SERVER_UNAVAILABLE, ACCEPTED -> ConnackReasonCode.SERVER_UNAVAILABLE;
        };
    }

    static CONNACK accepted(boolean sessionPresent) {
        return CONNACK.builder()
                .withReasonCode(Mqtt5ConnAckReasonCode.SUCCESS)
                .withMqtt3ReturnCode(Mqtt3ConnAckReturnCode.ACCEPTED)
                .withSessionPresent(sessionPresent)
                .build();
    }

    static PUBLISH publish(OutgoingPublish packet) {
        QoS qos = packet.qos() == 0 ? QoS.AT_MOST_ONCE : QoS.AT_LEAST_ONCE;
        return new PUBLISHFactory.Mqtt3Builder()
                .withHivemqId("hubwire")
                .withTopic(packet.topic())
                .withPayload(packet.payload())
                .withQoS(qos)
                .withOnwardQos(qos)
                .withPacketIdentifier(packet.packetId())
                .withDuplicateDelivery(packet.duplicate())
                .withRetain(false)
                .build();
    }
}
