package io.hubwire.mqtt.paho;

import io.hubwire.mqtt.link.LinkFactory;
import io.hubwire.mqtt.link.LinkListener;
import io.hubwire.mqtt.link.LinkSettings;
import io.hubwire.mqtt.link.MqttLink;
import io.hubwire.mqtt.link.WireFactory;
import io.hubwire.protocol.time.Timer;
import java.util.concurrent.ThreadFactory;

/** Connections by Eclipse Paho. */
public final class PahoLinks implements LinkFactory {
    private final WireFactory wires;
    private final Timer timer;
    private final ThreadFactory threads;

    /**
     * @param wires one for each connection
     * @param timer for keep-alive
     * @param threads for Paho's tasks: three that last as long as a connection, one while it opens or closes
     */
    public PahoLinks(WireFactory wires, Timer timer, ThreadFactory threads) {
        this.wires = wires;
        this.timer = timer;
        this.threads = threads;
    }

    @Override
    public MqttLink create(LinkSettings settings, LinkListener listener) {
        return new PahoLink(settings, listener, wires.create(), timer, threads);
    }
}
