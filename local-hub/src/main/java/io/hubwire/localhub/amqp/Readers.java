package io.hubwire.localhub.amqp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Who reads which partition for which consumer group, over all connections. A reader with an epoch is alone; one with a
 * higher or equal epoch takes its place; without epochs there may be five. Thread-safe. Source: amqp 4.4.
 */
final class Readers {
    private static final int MAX_WITHOUT_EPOCH = 5;

    /** A reader that can be told to go. */
    interface Reader {
        /** Its epoch, or empty. */
        OptionalLong epoch();

        /** Another took its place. Called from that one's thread: hand over, do not block. */
        void stolen(long byEpoch);
    }

    /** What came of an attempt to join. */
    enum Outcome {
        ADMITTED,
        /** One with a higher epoch, or with any while this has none, is reading. */
        EPOCH_TOO_LOW,
        /** Five are reading already. */
        TOO_MANY
    }

    private record Place(String group, int partition) {}

    private final Map<Place, List<Reader>> readers = new HashMap<>();

    /** Admits a reader, displacing those that have to go. */
    Outcome join(String group, int partition, Reader reader) {
        List<Reader> displaced;
        synchronized (readers) {
            List<Reader> here = readers.computeIfAbsent(place(group, partition), p -> new ArrayList<>());
            OptionalLong mine = reader.epoch();
            boolean outranked = here.stream()
                    .map(Reader::epoch)
                    .anyMatch(its -> its.isPresent() && (mine.isEmpty() || its.getAsLong() > mine.getAsLong()));
            if (outranked) {
                return Outcome.EPOCH_TOO_LOW;
            }
            if (mine.isEmpty() && here.size() >= MAX_WITHOUT_EPOCH) {
                return Outcome.TOO_MANY;
            }
            displaced = mine.isPresent() ? List.copyOf(here) : List.of();
            here.removeAll(displaced);
            here.add(reader);
        }
        displaced.forEach(d -> d.stolen(reader.epoch().orElseThrow()));
        return Outcome.ADMITTED;
    }

    /** A reader is gone; harmless when it has been displaced. */
    void leave(String group, int partition, Reader reader) {
        synchronized (readers) {
            Place place = place(group, partition);
            List<Reader> here = readers.get(place);
            if (here != null && here.remove(reader) && here.isEmpty()) {
                readers.remove(place);
            }
        }
    }

    private static Place place(String group, int partition) {
        return new Place(group.toLowerCase(Locale.ROOT), partition);
    }
}
