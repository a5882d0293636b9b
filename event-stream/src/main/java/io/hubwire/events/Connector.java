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

/** Opens connections on which the token has been put, and puts the next when it is time. Source: amqp 1.2. */
final class Connector {
    private static final String SAS = "servicebus.windows.net:sastoken";

    private final AmqpSettings settings;
    private final String containerId;
    private final Clock clock;
    private final Cancellation cancellation;

    Connector(AmqpSettings settings, String containerId, Clock clock, Cancellation cancellation) {
        this.settings = settings;
        this.containerId = containerId;
        this.clock = clock;
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
            try {
                Waiting.on(
                        cbs.ask(asked, lease.token().text(), "putting a token for [" + destination.audience() + "]"));
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

    /** Connects and puts the token; blocks. @throws HubwireException when the service cannot be reached or refuses */
    Live connect(Destination destination) {
        ClientConnection connection = ClientConnection.open(
                new ClientConnection.Settings(
                        destination.connectHost(),
                        destination.hostname(),
                        destination.port(),
                        destination.plain() ? null : settings.trust().context(),
                        settings.sasl(),
                        containerId,
                        settings.timeout(),
                        settings.trace(),
                        clock),
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
