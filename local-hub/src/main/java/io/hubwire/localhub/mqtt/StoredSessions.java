package io.hubwire.localhub.mqtt;

import io.hubwire.protocol.Identity;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sessions that clients with clean session 0 leave behind: their subscriptions, for as long as the identity and the
 * hub live. Also the turnstile through which connections begin, one at a time. Source: mqtt-device 1.7, open-questions 14 and 15.
 */
final class StoredSessions {
    /** @param found whether it was there: the session-present bit */
    record Session(Subscriptions subscriptions, boolean found) {}

    private record Stored(String generationId, Subscriptions subscriptions) {}

    private final Map<Identity, Stored> sessions = new ConcurrentHashMap<>();

    /**
     * The session of a connection that begins.
     *
     * @param generationId of the identity: what an earlier device of the same name left behind is not this one's
     */
    Session begin(Identity identity, String generationId, boolean clean) {
        if (clean) {
            sessions.remove(identity);
            return new Session(new Subscriptions(identity), false);
        }
        boolean[] found = {true};
        Stored stored = sessions.compute(identity, (same, old) -> {
            if (old != null && old.generationId().equals(generationId)) {
                return old;
            }
            found[0] = false;
            return new Stored(generationId, new Subscriptions(identity));
        });
        return new Session(stored.subscriptions(), found[0]);
    }
}
