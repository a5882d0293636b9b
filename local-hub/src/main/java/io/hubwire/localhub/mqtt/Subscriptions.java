package io.hubwire.localhub.mqtt;

import io.hubwire.protocol.Identity;
import io.hubwire.protocol.mqtt.HubSubscription;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The filters an identity holds, and what the hub serves on them. Thread-safe. Source: mqtt-device 1.8. */
final class Subscriptions {
    /** Distinct filters of one identity. */
    private static final int MAX_FILTERS = 5;

    record Held(int qos, Instant since) {}

    private final Identity subscriber;
    private final Consumer<Map<String, Held>> keeper;
    private final Map<String, Held> filters = new HashMap<>();

    /** None yet, and nobody keeps them. */
    Subscriptions(Identity subscriber) {
        this(subscriber, Map.of(), filters -> {});
    }

    /**
     * Those of a stored session.
     *
     * @param keeper told of all filters before they change; what it throws prevents the change
     */
    Subscriptions(Identity subscriber, Map<String, Held> held, Consumer<Map<String, Held>> keeper) {
        this.subscriber = subscriber;
        this.keeper = keeper;
        filters.putAll(held);
    }

    /**
     * Adds filters, all or none. A filter already held keeps the time since when it is held.
     *
     * @param asked filters with the QoS asked for, 0 to 2
     * @return why the connection must be cut, or empty
     */
    synchronized Optional<String> add(Map<String, Integer> asked, Instant now, boolean closeOnUnknown) {
        for (String filter : asked.keySet()) {
            if (isForeign(filter)) {
                return Optional.of("filter [" + filter + "] is not of [" + subscriber + "]");
            }
            if (closeOnUnknown && HubSubscription.of(subscriber, filter).isEmpty()) {
                return Optional.of("filter [" + filter + "] is none of the hub's");
            }
        }
        Map<String, Held> after = new HashMap<>(filters);
        asked.forEach((filter, qos) -> after.merge(
                filter, new Held(Math.min(qos, 1), now), (old, fresh) -> new Held(fresh.qos(), old.since())));
        if (after.size() > MAX_FILTERS) {
            return Optional.of(after.size() + " filters are more than " + MAX_FILTERS);
        }
        if (!after.equals(filters)) {
            keeper.accept(after);
            filters.putAll(after);
        }
        return Optional.empty();
    }

    synchronized void remove(List<String> gone) {
        Map<String, Held> after = new HashMap<>(filters);
        gone.forEach(after::remove);
        if (!after.equals(filters)) {
            keeper.accept(after);
            gone.forEach(filters::remove);
        }
    }

    boolean holds(HubSubscription what) {
        return qos(what).isPresent();
    }

    /** The best QoS granted for this, or empty when it is not subscribed to. */
    synchronized OptionalInt qos(HubSubscription what) {
        return filters.entrySet().stream()
                .filter(held -> HubSubscription.of(subscriber, held.getKey()).contains(what))
                .mapToInt(held -> held.getValue().qos())
                .max();
    }

    /** Since when this is subscribed to, or empty when it is not. */
    synchronized Optional<Instant> since(HubSubscription what) {
        return filters.entrySet().stream()
                .filter(held -> HubSubscription.of(subscriber, held.getKey()).contains(what))
                .map(held -> held.getValue().since())
                .min(Instant::compareTo);
    }

    /** Whether the filter names another device, another module, or the device a module is on. */
    private boolean isForeign(String filter) {
        String[] levels = filter.split("/", -1);
        if (!levels[0].equals("devices") || levels.length < 3) {
            return false;
        }
        boolean ofModule = levels[2].equals("modules") && levels.length > 3;
        boolean ofDevice = levels[2].equals("messages");
        return !names(levels[1], subscriber.deviceId())
                || (ofModule && !names(levels[3], subscriber.moduleId().orElse("")))
                || (ofDevice && subscriber.isModule());
    }

    private static boolean names(String level, String id) {
        return level.equals(id) || (level.equals("+") && !id.isEmpty());
    }
}
