package io.hubwire.cli.tour;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.output.EventJson;
import io.hubwire.events.Event;
import io.hubwire.events.EventStream;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What the back end reads of the hub's events during the tour. Events that nobody asked for yet wait. Not thread-safe. */
final class EventReader implements AutoCloseable {
    private static final Duration GLANCE = Duration.ofMillis(500);
    private static final int MOST_WAITING = 1000;

    private final EventStream stream;
    private final Clock clock;
    private final List<Event> waiting = new ArrayList<>();

    EventReader(EventStream stream, Clock clock) {
        this.stream = stream;
        this.clock = clock;
    }

    /** The event of a device with this message id, in the shape of {@code hubwire monitor}. */
    ObjectNode awaitMessage(String deviceId, String messageId, Duration patience) {
        return await(
                "the event [" + messageId + "]",
                patience,
                event -> from(event, deviceId)
                        && event.message().messageId().filter(messageId::equals).isPresent());
    }

    /** The event of a device with this body. */
    ObjectNode awaitBody(String deviceId, String body, Duration patience) {
        return await(
                "the event " + body,
                patience,
                event -> from(event, deviceId) && event.message().text().equals(body));
    }

    private ObjectNode await(String what, Duration patience, Predicate<Event> wanted) {
        for (Iterator<Event> held = waiting.iterator(); held.hasNext(); ) {
            Event event = held.next();
            if (wanted.test(event)) {
                held.remove();
                return EventJson.of(event);
            }
        }
        Instant end = clock.instant().plus(patience);
        while (clock.instant().isBefore(end)) {
            Optional<Event> next = stream.next(GLANCE);
            if (next.isPresent() && wanted.test(next.get())) {
                return EventJson.of(next.get());
            }
            next.filter(event -> waiting.size() < MOST_WAITING).ifPresent(waiting::add);
        }
        throw new TransportException(ErrorCode.TIMED_OUT, what + " was not read in " + patience.toSeconds() + " s");
    }

    private static boolean from(Event event, String deviceId) {
        return event.source().filter(s -> s.deviceId().equals(deviceId)).isPresent();
    }

    @Override
    public void close() {
        stream.close();
    }
}
