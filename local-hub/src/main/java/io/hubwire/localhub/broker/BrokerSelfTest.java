package io.hubwire.localhub.broker;

import com.hivemq.HiveMQServer;
import com.hivemq.bootstrap.ClientConnectionContext;
import com.hivemq.bootstrap.netty.ChannelHandlerNames;
import com.hivemq.extensions.client.parameter.ConnectionAttributeStoreImpl;
import com.hivemq.mqtt.message.ProtocolVersion;
import io.hubwire.localhub.mqtt.OutgoingPublish;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Checks, before the first connection, what the hub relies on beyond names the compiler knows: the broker's version, the
 * order of its pipeline, that a connection can be found from what the SDK shows of it, and that a packet written behind
 * the encoder becomes the right bytes.
 */
final class BrokerSelfTest {
    /** The version whose internals are used here. */
    static final String VERSION = "2025.5";

    /** PUBLISH again (DUP) to {@code t} at QoS 1, packet id 7, no body. */
    private static final byte[] PUBLISH = {0x3A, 5, 0, 1, 't', 0, 7};

    private BrokerSelfTest() {}

    /** @throws IOException naming what is not as expected */
    static void run(Door door) throws IOException {
        checkVersion(HiveMQServer.class.getPackage());
        EmbeddedChannel channel = new EmbeddedChannel(door);
        try {
            checkPipeline(channel.pipeline().names());
            if (!door.knows(new ConnectionAttributeStoreImpl(channel))) {
                throw notAsExpected("it does not keep a connection's attributes");
            }
            checkEncoder(channel);
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    /** In a repackaged jar the title is somebody else's, and the version says nothing. */
    static void checkVersion(Package broker) throws IOException {
        String found = broker.getImplementationVersion();
        if ("HiveMQ".equals(broker.getImplementationTitle()) && !VERSION.equals(found)) {
            throw notAsExpected("it is version [" + found + "]");
        }
    }

    static void checkPipeline(List<String> names) throws IOException {
        int decoder = names.indexOf(ChannelHandlerNames.MQTT_MESSAGE_DECODER);
        int encoder = names.indexOf(ChannelHandlerNames.MQTT_MESSAGE_ENCODER);
        int connection = names.indexOf(Door.CONNECTION);
        int barrier = names.indexOf(ChannelHandlerNames.MQTT_MESSAGE_BARRIER);
        if (decoder < 0 || encoder <= decoder || connection != encoder + 1 || barrier <= connection) {
            throw notAsExpected("its pipeline is " + names);
        }
    }

    private static void checkEncoder(EmbeddedChannel channel) throws IOException {
        ClientConnectionContext.of(channel).setProtocolVersion(ProtocolVersion.MQTTv3_1_1);
        channel.pipeline().get(Connection.class).publish(new OutgoingPublish("t", new byte[0], 1, 7, true), () -> {});
        channel.runPendingTasks();
        Object written = channel.readOutbound();
        byte[] bytes = written instanceof ByteBuf buffer ? bytes(buffer) : new byte[0];
        ReferenceCountUtil.release(written);
        if (!Arrays.equals(bytes, PUBLISH)) {
            throw notAsExpected("it encodes a PUBLISH as [" + HexFormat.of().formatHex(bytes) + "]");
        }
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }

    static IOException notAsExpected(String difference) {
        return new IOException("the broker is not HiveMQ " + VERSION + " as this hub knows it: " + difference);
    }
}
