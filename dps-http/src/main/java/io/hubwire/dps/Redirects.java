package io.hubwire.dps;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which redirects of DPS are followed. The next host gets to see a token, so it must be a sibling: the same name after
 * the first dot, by HTTPS, on the usual port.
 */
final class Redirects {
    private Redirects() {}

    /** The host to ask next, or empty when the redirect is none to follow. */
    static Optional<String> follow(String host, @Nullable String location) {
        try {
            URI target = location == null ? null : new URI(location);
            if (target == null || target.getHost() == null || !"https".equalsIgnoreCase(target.getScheme())) {
                return Optional.empty();
            }
            boolean usualPort = target.getPort() == -1 || target.getPort() == 443;
            String domain = domain(host);
            boolean sibling = !domain.isEmpty() && domain.equals(domain(target.getHost()));
            return usualPort && sibling ? Optional.of(target.getHost()) : Optional.empty();
        } catch (URISyntaxException noAddress) {
            return Optional.empty();
        }
    }

    private static String domain(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? "" : host.substring(dot).toLowerCase(Locale.ROOT);
    }
}
