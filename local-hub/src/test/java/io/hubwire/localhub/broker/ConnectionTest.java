package io.hubwire.localhub.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.mqtt.message.connack.CONNACK;
import com.hivemq.mqtt.message.connack.Mqtt3ConnAckReturnCode;
import com.hivemq.mqtt.message.reason.Mqtt5ConnAckReasonCode;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** A connection apart from a broker; with one it is MqttEndpointTest's. */
class ConnectionTest {
    @Test
    void who_was_let_in_by_another_extension_is_cut() {
        EmbeddedChannel channel = new EmbeddedChannel(new Connection(new PliantHub()));
        ChannelFuture written =
                channel.writeAndFlush(connack(Mqtt5ConnAckReasonCode.SUCCESS, Mqtt3ConnAckReturnCode.ACCEPTED));
        assertThat(channel.isOpen()).isFalse();
        assertThat(written.isSuccess()).isFalse();
        assertThat((Object) channel.readOutbound()).isNull();
    }

    @Test
    void a_refusal_by_another_extension_reaches_the_client() {
        EmbeddedChannel channel = new EmbeddedChannel(new Connection(new PliantHub()));
        CONNACK refusal = connack(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED, Mqtt3ConnAckReturnCode.REFUSED_NOT_AUTHORIZED);
        channel.writeOutbound(refusal);
        assertThat((Object) channel.readOutbound()).isSameAs(refusal);
        channel.finishAndReleaseAll();
    }

    private static CONNACK connack(Mqtt5ConnAckReasonCode reason, Mqtt3ConnAckReturnCode code) {
        return CONNACK.builder()
                .withReasonCode(reason)
                .withMqtt3ReturnCode(code)
                .build();
    }
}
