package io.hubwire.mqtt.paho;

import io.hubwire.mqtt.link.PacketInput;
import io.hubwire.mqtt.link.PacketOutput;
import io.hubwire.mqtt.link.PacketTap;
import io.hubwire.mqtt.link.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.eclipse.paho.client.mqttv3.internal.NetworkModule;
import org.jspecify.annotations.Nullable;

/** Gives Paho our wire in place of its own sockets, with the packet tap in between. */
final class WireModule implements NetworkModule {
    private final Wire wire;
    private final PacketTap tap;
    private final int announced;
    private volatile @Nullable PacketInput input;
    private volatile @Nullable PacketOutput output;

    /** @param announced publications that Paho will send of itself, because they are to be resent */
    WireModule(Wire wire, PacketTap tap, int announced) {
        this.wire = wire;
        this.tap = tap;
        this.announced = announced;
    }

    @Override
    public void start() throws IOException {
        wire.open();
        PacketInput in = new PacketInput(wire.input(), tap);
        output = new PacketOutput(wire.output(), tap, announced, in::release);
        input = in;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return opened(input);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return opened(output);
    }

    /** One more PUBLISH is about to be handed to Paho. */
    void announce() {
        PacketOutput out = output;
        if (out != null) {
            out.announce();
        }
    }

    /** Lets the reader go on to its end, for the case that no CONNECT will ever be written. */
    void releaseReader() {
        PacketInput in = input;
        if (in != null) {
            in.release();
        }
    }

    @Override
    public void stop() {
        wire.close();
    }

    @Override
    public String getServerURI() {
        return "ssl://" + wire.peer();
    }

    private static <T> T opened(@Nullable T stream) throws IOException {
        if (stream == null) {
            throw new IOException("wire is not open");
        }
        return stream;
    }
}
