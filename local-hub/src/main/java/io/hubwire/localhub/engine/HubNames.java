package io.hubwire.localhub.engine;

import java.util.List;
import java.util.Locale;

/**
 * How the hub and its DPS are called.
 *
 * @param hosts host names and addresses it answers to, the advertised one first; never empty, lower case
 * @param eventEntity Event-Hubs-compatible name of the built-in endpoint, {@code EntityPath}
 * @param idScope the DPS id scope
 */
public record HubNames(List<String> hosts, String eventEntity, String idScope) {
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
