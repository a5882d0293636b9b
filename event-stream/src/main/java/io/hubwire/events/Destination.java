package io.hubwire.events;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.EventHubConnectionString;
import io.hubwire.auth.TokenSource;
import io.hubwire.protocol.InvalidInputException;
import java.util.random.RandomGenerator;

/**
 * Where a connection goes and what it says of itself.
 *
 * @param hostname the service's name, without a port
 * @param plain whether without TLS
 * @param audience of the token, which is also the name it is put under
 */
record Destination(String hostname, String connectHost, int port, boolean plain, String audience, TokenSource tokens) {
    /** Usual port of an emulator without TLS. */
    private static final int PLAIN_PORT = 5672;

    /** The hub itself: C2D, feedback, and the redirect to where events are read. */
    static Destination hub(ConnectionString hub, AmqpSettings settings, RandomGenerator random) {
        if (hub.policyName().isEmpty() || hub.identity().isPresent()) {
            throw new InvalidInputException(
                    "connection string of a device given; a back end needs the one of a policy: HostName=…;SharedAccessKeyName=…");
        }
        String host = withoutPort(hub.hostName());
        int port = settings.port().orElse(portOf(hub.hostName()));
        return new Destination(
                host,
                settings.connectHost().orElse(host),
                port,
                false,
                hub.hostName(),
                tokens(hub, hub.hostName(), random));
    }

    /** The event endpoint, as its own connection string says. */
    static Destination events(EventHubConnectionString events, AmqpSettings settings, RandomGenerator random) {
        int usual = events.plainText() ? PLAIN_PORT : AmqpSettings.DEFAULT_PORT;
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
                target.port(),
                false,
                audience,
                tokens);
    }

    private static TokenSource tokens(ConnectionString hub, String audience, RandomGenerator random) {
        return TokenSource.of(hub, audience, random)
                .orElseThrow(
                        () -> new InvalidInputException("connection string of a policy has neither key nor token"));
    }

    private static String withoutPort(String hostName) {
        int colon = hostName.lastIndexOf(':');
        return colon > 0 ? hostName.substring(0, colon) : hostName;
    }

    private static int portOf(String hostName) {
        int colon = hostName.lastIndexOf(':');
        return colon > 0 ? Integer.parseInt(hostName.substring(colon + 1)) : AmqpSettings.DEFAULT_PORT;
    }
}
