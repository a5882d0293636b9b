package io.hubwire.mqtt.link;

import io.hubwire.protocol.TransportException;
import java.util.List;

/**
 * One MQTT connection, from its CONNECT to its end; a new connection is a new object. No method blocks, throws for a
 * network reason or calls the listener before it returns, except {@link #abort}. Everything that happens is told to the
 * {@link LinkListener}.
 */
public interface MqttLink {
    /** Starts to connect; {@link LinkListener#up} or {@link LinkListener#down} follows. Call once. */
    void open();

    /** Sends one SUBSCRIBE at QoS 1 for all filters; {@link LinkListener#subscribed} follows, or the end. */
    void subscribe(List<String> filters);

    /**
     * Hands over one PUBLISH; {@link LinkListener#delivered} follows, or the end. The caller keeps the number of those
     * not yet delivered within {@link LinkSettings#window()} plus {@link LinkSettings#CONTROL_WINDOW}.
     */
    void publish(Publication publication);

    /** Sends the PUBACK of a message received at QoS 1 on this link; does nothing after the link's end. */
    void acknowledge(Inbound message);

    /** Sends DISCONNECT behind what was handed over before, then closes; {@link LinkListener#down} follows. */
    void close();

    /** Ends the connection at once, without DISCONNECT. Calls {@link LinkListener#down} with this cause before it returns. */
    void abort(TransportException cause);
}
