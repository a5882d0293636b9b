package io.hubwire.localhub.amqp;

import io.hubwire.localhub.endpoint.Endpoint;
import io.hubwire.localhub.endpoint.EndpointContext;
import io.hubwire.localhub.endpoint.Listener;
import io.hubwire.localhub.endpoint.WebSocketBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * The hub over AMQP 1.0: the built-in event endpoint, cloud-to-device messages, feedback. Official clients connect to it
 * unmodified, with or without SASL. Thread-safe. Source: amqp.
 */
public final class AmqpEndpoint implements Endpoint {
    private static final long CLOSE_MILLIS = 700;

    private final List<TcpListener> secured;
    private final List<TcpListener> plain;
    private final WebSocketConnections webSockets;
    private final Clock clock;

    private AmqpEndpoint(
            List<TcpListener> secured, List<TcpListener> plain, WebSocketConnections webSockets, Clock clock) {
        this.secured = secured;
        this.plain = plain;
        this.webSockets = webSockets;
        this.clock = clock;
    }

    /**
     * Opens the ports and serves.
     *
     * @throws IOException when a port cannot be had; the text names it
     */
    public static AmqpEndpoint start(EndpointContext context, AmqpOptions options) throws IOException {
        Clock wall = Clock.systemUTC(); // idle time-outs are between peers, so not the hub's movable clock
        SSLContext tls = context.tls().serverContext();
        List<TcpListener> secured =
                Listener.openAll(context.addresses(), options.port(), address -> new TcpListener(address, tls, wall));
        List<TcpListener> plain = List.of();
        if (options.plainPort().isPresent()) {
            try {
                plain = Listener.openAll(
                        loopbackOf(context.addresses()),
                        options.plainPort().getAsInt(),
                        address -> new TcpListener(address, null, wall));
            } catch (IOException taken) {
                secured.forEach(TcpListener::close);
                throw taken;
            }
        }
        ServerContext shared = new ServerContext(
                context.hub(),
                new Readers(),
                options.consumerGroups(),
                options.advertisedPort().orElse(secured.get(0).port()),
                context.hub().clock().instant());
        AmqpEndpoint endpoint = new AmqpEndpoint(secured, plain, new WebSocketConnections(shared, wall), wall);
        endpoint.listeners().forEach(listener -> listener.start(shared));
        return endpoint;
    }

    /** The TLS port. */
    @Override
    public int port() {
        return secured.get(0).port();
    }

    /** The plain port on loopback, if there is one. */
    public OptionalInt plainPort() {
        return plain.stream().mapToInt(TcpListener::port).findFirst();
    }

    /** Takes the AMQP that comes through WebSockets, as if it came to a port. */
    public WebSocketBackend overWebSocket() {
        return webSockets;
    }

    /** Connections open now, on both ports and through WebSockets. */
    public int connections() {
        return listeners().mapToInt(TcpListener::connections).sum() + webSockets.size();
    }

    @Override
    public void close() {
        listeners().forEach(TcpListener::close);
        webSockets.close();
        long until = clock.millis() + CLOSE_MILLIS;
        listeners().forEach(listener -> listener.awaitEnd(until));
        webSockets.awaitEnd(until);
    }

    private Stream<TcpListener> listeners() {
        return Stream.concat(secured.stream(), plain.stream());
    }

    private static List<InetAddress> loopbackOf(List<InetAddress> addresses) {
        List<InetAddress> loopback =
                addresses.stream().filter(InetAddress::isLoopbackAddress).toList();
        return loopback.isEmpty() ? List.of(InetAddress.getLoopbackAddress()) : loopback;
    }
}
