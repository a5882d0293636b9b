package io.hubwire.mqtt.link;

import io.hubwire.protocol.mqtt.MqttPackets;
import io.hubwire.protocol.trace.WireTrace;
import io.hubwire.protocol.trace.WireTrace.Direction;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one place where whole packets pass, both ways, unencrypted: told of each, it decodes it for the trace (secrets
 * masked) and lets the link know what was sent and received. What a packet means is not its business.
 */
public final class PacketTap {
    /** Hears of packets that have arrived. */
    @FunctionalInterface
    public interface Arrivals {
        /** @param packetId of a PUBACK; 0 for every other packet */
        void arrived(PacketType type, int packetId);

        /** Every packet that has arrived has been taken and dealt with; the reader is about to wait for more. */
        default void allTaken() {}
    }

    private final WireTrace trace;
    private final Consumer<PacketType> onSending;
    private final Arrivals onReceived;

    /**
     * @param onSending hears of each packet just before it goes into a write, on the writer's thread
     * @param onReceived hears of each packet that has arrived completely, on the reader's thread
     */
    public PacketTap(WireTrace trace, Consumer<PacketType> onSending, Arrivals onReceived) {
        this.trace = trace;
        this.onSending = onSending;
        this.onReceived = onReceived;
    }

    /** Whether someone wants to see packets, so that it is worth copying them. */
    boolean wantsBytes() {
        return trace != WireTrace.NONE;
    }

    void sending(PacketType type, byte[] buffer, int offset, int length) {
        if (wantsBytes()) {
            show(Direction.OUT, type, Arrays.copyOfRange(buffer, offset, offset + length));
        }
        onSending.accept(type);
    }

    /**
     * @param packetId of a PUBACK, else 0
     * @param packet the whole packet; null unless {@link #wantsBytes}
     */
    void received(PacketType type, int packetId, byte @Nullable [] packet) {
        if (wantsBytes()) {
            show(Direction.IN, type, Objects.requireNonNull(packet));
        }
        onReceived.arrived(type, packetId);
    }

    void allTaken() {
        onReceived.allTaken();
    }

    private void show(Direction direction, PacketType type, byte[] packet) {
        trace.seen(new WireTrace.Event(direction, "MQTT", type.name(), MqttPackets.describe(packet)));
    }
}
