package io.hubwire.localhub.https;

import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.localhub.endpoint.WebSocketBackend;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.https.Api.Incident;
import io.hubwire.protocol.HubError;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/**
 * Upgrades to WebSocket, whatever the query string says. Paths: {@code /$iothub/websocket} for MQTT and AMQP, {@code
 * /$servicebus/websocket} for AMQP, {@code /} and {@code /mqtt} for MQTT as the Java DPS client asks.
 */
final class WebSocketDoor {
    private final ServerWebSocketContainer container;
    private final Map<List<String>, List<Protocol>> spokenAt;
    private final HttpTrace trace;
    private final Set<WebSocketTunnel> open = ConcurrentHashMap.newKeySet();

    /**
     * A protocol, and who speaks it.
     *
     * @param names of its subprotocol, in lower case
     */
    private record Protocol(List<String> names, WebSocketBackend backend) {}

    /**
     * A protocol that was agreed on.
     *
     * @param name as the client spelled it
     */
    private record Agreed(String name, WebSocketBackend backend) {}

    WebSocketDoor(Server server, WebSocketBackend mqtt, WebSocketBackend amqp, HttpTrace trace) {
        this.container = ServerWebSocketContainer.ensure(server);
        // MQTT has a keep-alive of its own, and so has AMQP
        container.setIdleTimeout(Duration.ZERO);
        // a server that stops cuts its connections, and may have no thread left to tell each WebSocket so
        server.addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStopped(LifeCycle stopped) {
                open.forEach(WebSocketTunnel::end);
            }
        });
        this.trace = trace;
        Protocol speakMqtt = new Protocol(List.of("mqtt", "mqttv3.1"), mqtt);
        Protocol speakAmqp = new Protocol(List.of("amqpwsb10"), amqp);
        this.spokenAt = Map.of(
                List.of("$iothub", "websocket"), List.of(speakMqtt, speakAmqp),
                List.of("$servicebus", "websocket"), List.of(speakAmqp),
                List.of("mqtt"), List.of(speakMqtt),
                List.of(), List.of(speakMqtt));
    }

    static boolean isMeant(Request request) {
        return request.getHeaders().contains(HttpHeader.UPGRADE, "websocket");
    }

    boolean upgrade(Request request, Response response, Callback callback, Incident incident) {
        Optional<Agreed> agreed = agree(request);
        if (agreed.isEmpty()) {
            new Exchange(trace, request, response, callback, incident)
                    .refuse(new HubException(
                            HubError.GENERIC_BAD_REQUEST,
                            "WebSocket at [" + request.getHttpURI().getPath() + "] needs a subprotocol spoken there:"
                                    + " mqtt or AMQPWSB10 at /$iothub/websocket"));
            return true;
        }
        String target = String.valueOf(request.getHttpURI().getPathQuery());
        trace.request(request.getMethod(), target, request.getHeaders(), ByteBuffer.allocate(0));
        trace.answer(
                request.getMethod(),
                target,
                HttpAnswer.empty(101)
                        .with("Sec-WebSocket-Protocol", agreed.get().name()));
        HttpCall.Peer peer = Dispatcher.peer(request);
        ConnectionFacts facts = new ConnectionFacts(
                peer.clientChain(),
                peer.hostAsked(),
                request.getConnectionMetaData().getRemoteSocketAddress());
        return container.upgrade(
                (upgrade, accepted, refused) -> tunnel(agreed.get(), facts, accepted), request, response, callback);
    }

    private WebSocketTunnel tunnel(Agreed agreed, ConnectionFacts facts, ServerUpgradeResponse accepted) {
        accepted.setAcceptedSubProtocol(agreed.name());
        // with permessage-deflate negotiated, demanding from another thread ends in "Demand already fulfilled"
        accepted.setExtensions(List.of());
        WebSocketTunnel tunnel = new WebSocketTunnel(facts, agreed.backend(), open::remove);
        open.add(tunnel);
        return tunnel;
    }

    private Optional<Agreed> agree(Request request) {
        List<String> path;
        try {
            path = RequestTarget.parse(request.getHttpURI().getPath(), null).segments().stream()
                    .map(s -> s.toLowerCase(Locale.ROOT))
                    .toList();
        } catch (HubException brokenEscape) {
            return Optional.empty();
        }
        List<Protocol> spoken = spokenAt.getOrDefault(path, List.of());
        return request.getHeaders().getCSV("Sec-WebSocket-Protocol", false).stream()
                .flatMap(offer -> spoken.stream()
                        .filter(protocol -> protocol.names().contains(offer.toLowerCase(Locale.ROOT)))
                        .map(protocol -> new Agreed(offer, protocol.backend())))
                .findFirst();
    }
}
