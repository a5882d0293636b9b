package io.hubwire.events;

import io.hubwire.auth.ConnectionString;
import io.hubwire.events.amqp.AmqpException;
import io.hubwire.events.amqp.Failures;
import io.hubwire.events.amqp.ReceiverLink;
import io.hubwire.events.amqp.RequestClient;
import io.hubwire.events.amqp.Sections;
import io.hubwire.events.amqp.Waiting;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.qpid.protonj2.engine.IncomingDelivery;

/** Finds the event endpoint and asks it what it has. Everything blocks within the settings' time-outs. */
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

    /** The ids of all partitions. @throws RemoteProtocolException when the answer does not list them */
    static List<String> partitions(Connected endpoint) {
        RequestClient management = RequestClient.open(endpoint.live().connection(), "$management");
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("operation", "READ");
        asked.put("type", "com.microsoft:eventhub");
        asked.put("name", endpoint.entity());
        String what = "asking for the partitions of [" + endpoint.entity() + "]";
        Sections answer = Waiting.on(management.ask(asked, null, what));
        Object ids = answer.value() instanceof Map<?, ?> body ? body.get("partition_ids") : null;
        List<String> partitions = new ArrayList<>();
        if (ids instanceof Object[] array) {
            Arrays.stream(array).map(String::valueOf).forEach(partitions::add);
        } else if (ids instanceof List<?> list) {
            list.stream().map(String::valueOf).forEach(partitions::add);
        }
        if (partitions.isEmpty()) {
            throw new RemoteProtocolException(what + ": the answer has no partition_ids");
        }
        return partitions;
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
