package io.hubwire.localhub.engine;

import io.hubwire.auth.RegistrationId;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32;

/** The hubs linked to a DPS, its own first, and the choice among them. Thread-safe. Source: dps 6.2. */
final class LinkedHubs {
    private final List<LinkedHub> hubs = new CopyOnWriteArrayList<>();

    /** Links a hub. @throws IllegalArgumentException when its name is taken, so that assignments could not tell them apart */
    synchronized void add(LinkedHub hub) {
        if (byName(hub.host()).isPresent()) {
            throw new IllegalArgumentException("a hub called [" + hub.host()
                    + "] is linked already; start one of them with a host name of its own");
        }
        hubs.add(hub);
    }

    /** Unlinks a hub; devices assigned to it stay there until they register again. */
    synchronized void remove(String host) {
        hubs.removeIf(hub -> hub.host().equals(host));
    }

    LinkedHub own() {
        return hubs.get(0);
    }

    List<String> hosts() {
        return hubs.stream().map(LinkedHub::host).toList();
    }

    /** By the name a hub is known by, else by any name it answers to: all hubs of one machine share some. */
    Optional<LinkedHub> find(String host) {
        return byName(host)
                .or(() ->
                        hubs.stream().filter(hub -> hub.names().answersTo(host)).findFirst());
    }

    /** Those that the enrollment's device may go to. */
    List<LinkedHub> candidates(Enrollment enrollment) {
        List<String> named = enrollment.hubs();
        return named.isEmpty()
                ? List.copyOf(hubs)
                : named.stream().flatMap(name -> find(name).stream()).distinct().toList();
    }

    /** The enrollment's choice; empty when the hubs it names are no longer linked. Not for {@code custom}. */
    Optional<LinkedHub> choose(Enrollment enrollment, RegistrationId id) {
        List<LinkedHub> candidates = candidates(enrollment);
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (enrollment.allocation()) {
                    case STATIC -> candidates.get(0);
                    case GEO_LATENCY -> hashed(nearest(candidates), id);
                    case HASHED, CUSTOM -> hashed(candidates, id);
                });
    }

    private static List<LinkedHub> nearest(List<LinkedHub> candidates) {
        LinkedHub nearest = candidates.stream()
                .min(Comparator.comparing(LinkedHub::latency))
                .orElseThrow();
        return candidates.stream()
                .filter(hub -> hub.latency().equals(nearest.latency()))
                .toList();
    }

    private static LinkedHub hashed(List<LinkedHub> candidates, RegistrationId id) {
        CRC32 hash = new CRC32();
        hash.update(id.value().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
        return candidates.get((int) (hash.getValue() % candidates.size()));
    }

    private Optional<LinkedHub> byName(String host) {
        return hubs.stream().filter(hub -> hub.host().equalsIgnoreCase(host)).findFirst();
    }
}
