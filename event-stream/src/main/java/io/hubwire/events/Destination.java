package io.hubwire.events;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.EventHubConnectionString;
import io.hubwire.auth.TokenSource;
import io.hubwire.events.amqp.Route;
import io.hubwire.protocol.InvalidInputException;
import java.util.random.RandomGenerator;

/**
 * Where a connection goes and what it says of itself.
 *
 * @param hostname the service's name, without a port
 * @param plain whether without TLS
 * @param webSocketPath where this service speaks AMQP over WebSocket; used when the settings ask for it
 * @param audience of the token, which is also the name it is put under
 */
record Destination(
        String hostname,
        String connectHost,
        int port,
        boolean plain,
        String webSocketPath,
        String audience,
        TokenSource tokens) {
    /** Usual port of an emulator without TLS. */
    private static final int PLAIN_PORT = 5672;

    private static final String HUB_WEB_SOCKET = "/$iothub/websocket";
    private static final String EVENTS_WEB_SOCKET = "/$servicebus/websocket";

    /** The hub itself: C2D, feedback, and the redirect to where events are read. */
    static Destination hub(ConnectionString hub, AmqpSettings settings, RandomGenerator random) {
        if (hub.policyName().isEmpty() || hub.identity().isPresent()) {
            throw new InvalidInputException("connection string of ["
                    + hub.identity().map(Object::toString).orElse(hub.hostName())
                    + "] names no policy; a back end needs one that does: HostName=…;SharedAccessKeyName=…");
        }
        String host = withoutPort(hub.hostName());
        int port = settings.port().orElse(portOf(hub.hostName(), usualPort(settings)));
        return new Destination(
                host,
                settings.connectHost().orElse(host),
                port,
                false,
                HUB_WEB_SOCKET,
                hub.hostName(),
                tokens(hub, hub.hostName(), random));
    }

    /** The event endpoint, as its own connection string says. */
    static Destination events(EventHubConnectionString events, AmqpSettings settings, RandomGenerator random) {
        if (events.plainText() && settings.webSocket()) {
            throw new InvalidInputException(
                    "connection string with UseDevelopmentEmulator=true: an emulator without TLS has no WebSocket");
        }
        int usual = events.plainText() ? PLAIN_PORT : usualPort(settings);
        TokenSource tokens = events.sasToken().isPresent()
                ? TokenSource.ofToken(events.sasToken().get())
                : TokenSource.ofKey(
                        events.audience(),
                        events.key().orElseThrow().forEventHubs(),
                        events.policyName().orElse(null),
                        TokenSource.LIFETIME,
                        random);
        return new Destination(
                events.hostName(),
                settings.connectHost().orElse(events.hostName()),
                settings.port().orElse(events.port().orElse(usual)),
                events.plainText(),
                EVENTS_WEB_SOCKET,
                events.audience(),
                tokens);
    }

    /** The event endpoint, as the hub's redirect says; the policy's key or token opens it too. */
    static Destination redirected(
            ConnectionString hub, RedirectTarget target, AmqpSettings settings, RandomGenerator random) {
        String audience = "sb://" + target.hostname() + "/" + target.entity();
        TokenSource tokens = hub.key().isPresent()
                ? TokenSource.ofKey(
                        audience,
                        hub.key().get().forEventHubs(),
                        hub.policyName().orElse(null),
                        TokenSource.LIFETIME,
                        random)
                : tokens(hub, audience, random);
        return new Destination(
                target.hostname(),
                settings.connectHost().orElse(target.hostname()),
                settings.webSocket() ? settings.port().orElse(AmqpSettings.DEFAULT_WEB_SOCKET_PORT) : target.port(),
                false,
                EVENTS_WEB_SOCKET,
                audience,
                tokens);
    }

    private static TokenSource tokens(ConnectionString hub, String audience, RandomGenerator random) {
        return TokenSource.of(hub, audience, random)
                .orElseThrow(() -> new InvalidInputException(
                        "connection string of a policy of [" + hub.hostName() + "] has neither key nor token"));
    }

    private static String withoutPort(String hostName) {
        int colon = hostName.lastIndexOf(':');
        return colon > 0 ? hostName.substring(0, colon) : hostName;
    }

    private static int portOf(String hostName, int usual) {
        int colon = hostName.lastIndexOf(':');
        return colon > 0 ? Integer.parseInt(hostName.substring(colon + 1)) : usual;
    }

    private static int usualPort(AmqpSettings settings) {
        return settings.webSocket() ? AmqpSettings.DEFAULT_WEB_SOCKET_PORT : AmqpSettings.DEFAULT_PORT;
    }

    /** How to get there. */
    Route route(AmqpSettings settings) {
        return new Route(
                connectHost,
                port,
                hostname,
                plain ? null : settings.trust().context(),
                settings.webSocket() ? webSocketPath : null,
                settings.proxy().orElse(null));
    }
}
