package io.hubwire.events;

import io.hubwire.auth.TokenSource;
import io.hubwire.events.amqp.AmqpException;
import io.hubwire.events.amqp.Cancellation;
import io.hubwire.events.amqp.ClientConnection;
import io.hubwire.events.amqp.RequestClient;
import io.hubwire.events.amqp.Waiting;
import io.hubwire.protocol.HubwireException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Opens connections on which the token has been put, and puts the next when it is time. Source: amqp 1.2. */
final class Connector {
    private static final String SAS = "servicebus.windows.net:sastoken";

    private final AmqpSettings settings;
    private final String containerId;
    private final Clock clock;
    private final RandomGenerator random;
    private final Cancellation cancellation;

    /** @param random names this client, and masks what it sends over WebSocket */
    Connector(AmqpSettings settings, Clock clock, RandomGenerator random, Cancellation cancellation) {
        this.settings = settings;
        this.containerId = "hubwire-" + Long.toHexString(random.nextLong());
        this.clock = clock;
        this.random = random;
        this.cancellation = cancellation;
    }

    /** A connection with its token. */
    static final class Live implements AutoCloseable {
        private final ClientConnection connection;
        private final RequestClient cbs;
        private final Destination destination;
        private Instant renewAt = Instant.MIN;

        private Live(ClientConnection connection, RequestClient cbs, Destination destination) {
            this.connection = connection;
            this.cbs = cbs;
            this.destination = destination;
        }

        ClientConnection connection() {
            return connection;
        }

        Destination destination() {
            return destination;
        }

        /** When {@link #putToken} is due again; {@link Instant#MAX} for a token that cannot be renewed. */
        Instant renewAt() {
            return renewAt;
        }

        /** Puts a token good at {@code now}; blocks. @throws HubwireException when it is refused */
        void putToken(Instant now) {
            TokenSource.Lease lease = destination.tokens().lease(now);
            Map<String, Object> asked = new LinkedHashMap<>();
            asked.put("operation", "put-token");
            asked.put("type", SAS);
            asked.put("name", destination.audience());
            String what = "putting a token for [" + destination.audience() + "]";
            try {
                // twice the time-out that the connection keeps by itself, unless it is stuck in a write
                Waiting.on(
                        cbs.ask(asked, lease.token().text(), what),
                        connection.timeout().multipliedBy(2),
                        what);
            } catch (AmqpException refused) {
                destination.tokens().invalidate();
                throw refused;
            }
            renewAt = lease.renewAt();
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    /** What this client is called; unlike any other. */
    String containerId() {
        return containerId;
    }

    /** Connects and puts the token; blocks. @throws HubwireException when the service cannot be reached or refuses */
    Live connect(Destination destination) {
        ClientConnection connection = ClientConnection.open(
                destination.route(settings),
                new ClientConnection.Settings(
                        settings.sasl(), containerId, settings.timeout(), settings.trace(), clock, random),
                cancellation);
        try {
            Live live = new Live(connection, RequestClient.open(connection, "$cbs"), destination);
            live.putToken(clock.instant());
            return live;
        } catch (HubwireException failed) {
            connection.close();
            throw failed;
        }
    }
}
