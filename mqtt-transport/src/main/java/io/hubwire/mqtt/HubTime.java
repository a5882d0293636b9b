package io.hubwire.mqtt;

import io.hubwire.mqtt.Circumstances.HubClock;
import io.hubwire.mqtt.link.PeerClock;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The time that tokens are made for: this clock's, or, where that is allowed and has proved necessary, the hub's. */
final class HubTime {
    private final Clock clock;
    private final ClockCheck check;
    private final PeerClock hub;
    private volatile Duration correction = Duration.ZERO;

    HubTime(Clock clock, ClockCheck check, PeerClock hub) {
        this.clock = clock;
        this.check = check;
        this.hub = hub;
    }

    /** Now, corrected. From any thread. */
    Instant now() {
        return clock.instant().plus(correction);
    }

    boolean mayAsk() {
        return check != ClockCheck.OFF;
    }

    /** Compares the clocks. Blocks, for a bounded time; from any thread. */
    HubClock compare() {
        try {
            Instant there = hub.read();
            return new HubClock.Read(Duration.between(there, now()));
        } catch (IOException | RuntimeException untold) {
            return new HubClock.Unknown(String.valueOf(untold.getMessage()));
        }
    }

    /** Follows the hub's clock from now on, if that is allowed. @return whether it does */
    boolean follow(Duration skew) {
        if (check != ClockCheck.CORRECT) {
            return false;
        }
        correction = correction.minus(skew);
        return true;
    }
}
