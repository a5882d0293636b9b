package io.hubwire.events;

import io.hubwire.auth.ConnectionString;
import io.hubwire.events.amqp.AmqpException;
import io.hubwire.events.amqp.Failures;
import io.hubwire.events.amqp.ReceiverLink;
import io.hubwire.events.amqp.Sections;
import io.hubwire.events.amqp.Waiting;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.qpid.protonj2.engine.IncomingDelivery;

/** Finds the event endpoint. Everything blocks within the settings' time-outs. */
final class EventEndpoint {
    private static final String HUB_EVENTS = "messages/events/$management";

    private final EventStreamOptions options;
    private final Connector connector;
    private final RandomGenerator random;

    EventEndpoint(EventStreamOptions options, Connector connector, RandomGenerator random) {
        this.options = options;
        this.connector = connector;
        this.random = random;
    }

    /** An open connection and the name of the event hub. */
    record Connected(Connector.Live live, String entity) {}

    /** Connects to where events are read, asking the hub first if only that is known. */
    Connected connect() {
        if (options.hub().isPresent()) {
            ConnectionString hub = options.hub().get();
            RedirectTarget target = askHub(hub);
            Destination events = Destination.redirected(hub, target, options.settings(), random);
            return new Connected(connector.connect(events), target.entity());
        }
        var endpoint = options.endpoint().orElseThrow();
        Destination events = Destination.events(endpoint, options.settings(), random);
        return new Connected(connector.connect(events), endpoint.entityPath());
    }

    /** A reader of the hub itself is refused, and told where to go. Source: amqp 2. */
    private RedirectTarget askHub(ConnectionString hub) {
        try (Connector.Live live = connector.connect(Destination.hub(hub, options.settings(), random))) {
            Waiting.on(live.connection().receiver(HUB_EVENTS, Map.of(), Map.of(), new Ignoring()));
            throw new RemoteProtocolException(
                    "the hub took a reader of [" + HUB_EVENTS + "] in place of redirecting it");
        } catch (AmqpException refused) {
            if (refused.condition().equals(Failures.REDIRECT)) {
                return RedirectTarget.of(refused.info());
            }
            throw refused;
        }
    }

    private static final class Ignoring implements ReceiverLink.Listener {
        @Override
        public void message(Sections message, IncomingDelivery delivery) {
            delivery.settle();
        }

        @Override
        public void ended(HubwireException why) {
            // the hub may end the link as it likes: nothing is read from it
        }
    }
}
