package io.hubwire.localhub.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.mqtt.message.ProtocolVersion;
import com.hivemq.mqtt.message.connect.CONNECT;
import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.protocol.trace.WireTrace;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In pipelines whose clock stands still until it is told otherwise. */
@Timeout(60)
class ConnectDeadlineTest {
    private final PliantHub hub = new PliantHub();

    @Test
    void a_connection_without_connect_is_cut_after_sixty_seconds() {
        EmbeddedChannel channel = channel(connection());
        after(channel, 59);
        assertThat(channel.isOpen()).isTrue();
        after(channel, 1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void a_connection_that_has_said_connect_is_left_alone() {
        EmbeddedChannel channel = channel(connection());
        after(channel, 59);
        CONNECT connect = new CONNECT.Mqtt3Builder()
                .withProtocolVersion(ProtocolVersion.MQTTv3_1_1)
                .withClientIdentifier("device1")
                .build();
        channel.writeInbound(connect);
        assertThat((Object) channel.readInbound()).isSameAs(connect);
        after(channel, 3600);
        assertThat(channel.isOpen()).isTrue();
        channel.finishAndReleaseAll();
    }

    @Test
    void a_connect_that_trickles_in_does_not_put_the_end_off(@TempDir Path home) throws Exception {
        Connections connections = new Connections();
        try (EmbeddedBroker broker = EmbeddedBroker.start(new HubExtension(connections), home)) {
            LoopbackDoor door = new LoopbackDoor(broker, connections, hub, WireTrace.NONE);
            EmbeddedChannel channel = channel(door);
            channel.pipeline().get(Connection.class).learned(facts());
            channel.pipeline().remove("hubwire_facts"); // knows only sockets
            byte[] halfAConnect = {0x10, 13, 0, 4, 'M', 'Q', 'T'};
            for (byte one : halfAConnect) {
                assertThat(channel.isOpen()).isTrue();
                channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {one}));
                after(channel, 9);
            }
            assertThat(channel.isOpen()).as("after 63 s").isFalse();
        }
    }

    private ChannelHandler[] connection() {
        Connection connection = new Connection(hub);
        connection.learned(facts());
        return new ChannelHandler[] {connection, new ConnectDeadline(connection)};
    }

    private static EmbeddedChannel channel(ChannelHandler... handlers) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(handlers);
        return channel;
    }

    private static void after(EmbeddedChannel channel, long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    private static ConnectionFacts facts() {
        return new ConnectionFacts(List.of(), null, new InetSocketAddress("127.0.0.1", 1));
    }
}
