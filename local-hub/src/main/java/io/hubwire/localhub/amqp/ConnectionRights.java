package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.AccessControl.Right;
import io.hubwire.localhub.engine.AccessControl.ServiceAccess;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one connection may touch: a path below the hub for each token put, until that token ends. Pure; for the
 * connection's thread. Source: amqp 1.2 and 9.2; sas-auth 5 for the times.
 */
final class ConnectionRights {
    /** The services' tolerance between clocks: a token is good for this long after its end. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);
    /** How much longer a link that is open may live, so that renewal has its time. */
    static final Duration GRACE = Duration.ofMinutes(5);

    private static final int MAX_GRANTS = 1000;
    /** What ends later never ends: a log-in by key, which has no end of its own. */
    private static final Instant FAR = Instant.parse("9000-01-01T00:00:00Z");

    private final Map<String, Instant> ends = new HashMap<>();

    /**
     * Notes a token that was put or a log-in that was accepted; a later one for the same path replaces it.
     *
     * @param path below the host, lower case, empty for all of the hub
     * @throws HubException 401002 when its policy may not connect as a service or its token is for another path; 403005
     *     when there are too many
     */
    void grant(String path, ServiceAccess access) {
        access.require(Right.SERVICE_CONNECT);
        if (!TokenScope.covers(TokenScope.parse(access.audience()).path(), path)) {
            throw new HubException(
                    HubError.IOT_HUB_UNAUTHORIZED_ACCESS,
                    "the token is for [" + access.audience() + "], which does not cover [" + path + "]");
        }
        if (ends.size() >= MAX_GRANTS && !ends.containsKey(path)) {
            throw new HubException(
                    HubError.IOT_HUB_MAX_CBS_TOKEN_EXCEEDED,
                    "more than " + MAX_GRANTS + " tokens were put on one connection");
        }
        ends.put(path, access.validUntil());
    }

    /** Whether a link to this path may be opened now. @param path lower case */
    boolean opens(String path, Instant now) {
        return covers(path, now, TOLERANCE);
    }

    /** Whether a link to this path that is open may stay so. @param path lower case */
    boolean keeps(String path, Instant now) {
        return covers(path, now, TOLERANCE.plus(GRACE));
    }

    /** When the first of what was granted ends for links that are open; empty when nothing ever does. */
    Optional<Instant> nextEnd(Instant now) {
        return ends.values().stream()
                .filter(end -> end.isBefore(FAR))
                .map(end -> end.plus(TOLERANCE).plus(GRACE))
                .filter(end -> !end.isBefore(now))
                .min(Comparator.naturalOrder());
    }

    private boolean covers(String path, Instant now, Duration extra) {
        Instant latest = now.minus(extra);
        return ends.entrySet().stream()
                .anyMatch(grant -> TokenScope.covers(grant.getKey(), path)
                        && !grant.getValue().isBefore(latest));
    }
}
