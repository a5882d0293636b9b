package io.hubwire.localhub.engine;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How the hub and its DPS are called.
 *
 * @param hosts host names and addresses it answers to, the advertised one first; never empty, lower case
 * @param eventEntity Event-Hubs-compatible name of the built-in endpoint, {@code EntityPath}
 * @param idScope the DPS id scope
 */
public record HubNames(List<String> hosts, String eventEntity, String idScope) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    public HubNames {
        hosts = hosts.stream().map(h -> h.toLowerCase(Locale.ROOT)).distinct().toList();
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("a hub needs at least one host name");
        }
    }

    /** The advertised host. */
    public String primaryHost() {
        return hosts.get(0);
    }

    /** The hub's own name: the first label of the advertised host; of an address, all of it. */
    public String hubName() {
        String host = primaryHost();
        int dot = host.indexOf('.');
        boolean address = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || Character.isDigit(c));
        return dot < 0 || address ? host : host.substring(0, dot);
    }

    /**
     * The hub's name as DPS tells it to a device that addressed DPS by {@code asked}. Loopback names are interchangeable, so
     * a hub without a name of its own is told by the one that worked; a hub with one is always told by that, as in Azure.
     */
    public String toldTo(String asked) {
        return LOOPBACK.contains(primaryHost()) && answersTo(asked) ? asked : primaryHost();
    }

    /** Whether a token or user name that names this host (in any case, with or without a port) means this hub. */
    public boolean answersTo(String host) {
        String h = host.toLowerCase(Locale.ROOT);
        if (hosts.contains(h)) {
            return true;
        }
        int colon = h.lastIndexOf(':');
        return colon > 0 && h.indexOf(':') == colon && hosts.contains(h.substring(0, colon));
    }
}
