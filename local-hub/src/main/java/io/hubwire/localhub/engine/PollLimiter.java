package io.hubwire.localhub.engine;

import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.protocol.DpsError;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** So many polls a device in ten seconds; one more is answered 429 with the time to wait. Source: dps 1, limits. */
final class PollLimiter {
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final int limit;
    private final Clock clock;
    /** Windows that run, in the order in which they began. */
    private final Map<String, Window> windows = new LinkedHashMap<>();

    PollLimiter(int limit, Clock clock) {
        this.limit = limit;
        this.clock = clock;
    }

    private static final class Window {
        private final long endMillis;
        private int polls;

        Window(long endMillis) {
            this.endMillis = endMillis;
        }
    }

    /**
     * Counts a poll.
     *
     * @throws DpsRefusal 429001
     */
    synchronized void poll(String registrationId) {
        long now = clock.millis();
        forgetEnded(now);
        Window window = windows.computeIfAbsent(registrationId, id -> new Window(now + WINDOW.toMillis()));
        if (++window.polls > limit) {
            throw new DpsRefusal(
                    DpsError.THROTTLED.httpStatus(),
                    DpsError.THROTTLED.number(),
                    "Operations are being throttled: " + limit + " polls in " + WINDOW.toSeconds() + " s are allowed",
                    Duration.ofMillis(window.endMillis - now));
        }
    }

    private void forgetEnded(long now) {
        for (Iterator<Window> it = windows.values().iterator(); it.hasNext(); ) {
            if (it.next().endMillis > now) {
                return;
            }
            it.remove();
        }
    }
}
