package io.hubwire.localhub.broker;

import com.hivemq.bootstrap.netty.ChannelHandlerNames;
import com.hivemq.extensions.client.parameter.ConnectionAttributeStoreImpl;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.List;

/**
 * Checks, before the first connection, what the hub relies on beyond names the compiler knows: the order of the broker's
 * pipeline and that a connection can be found from what the SDK shows of it.
 */
final class BrokerSelfTest {
    private BrokerSelfTest() {}

    /** @throws IOException naming what is not as expected */
    static void run(Door door) throws IOException {
        EmbeddedChannel channel = new EmbeddedChannel(door);
        try {
            List<String> names = channel.pipeline().names();
            int decoder = names.indexOf(ChannelHandlerNames.MQTT_MESSAGE_DECODER);
            int encoder = names.indexOf(ChannelHandlerNames.MQTT_MESSAGE_ENCODER);
            int connection = names.indexOf(Door.CONNECTION);
            int barrier = names.indexOf(ChannelHandlerNames.MQTT_MESSAGE_BARRIER);
            if (decoder < 0 || encoder <= decoder || connection != encoder + 1 || barrier <= connection) {
                throw new IOException("this broker's pipeline is not that of HiveMQ 2025.5: " + names);
            }
            if (!door.knows(new ConnectionAttributeStoreImpl(channel))) {
                throw new IOException("this broker does not keep connection attributes as HiveMQ 2025.5 does");
            }
        } finally {
            channel.close();
        }
    }
}
