package io.hubwire.events.amqp;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.time.Duration;

/** The moment by which several reads together must be done, also when the peer trickles. */
final class Deadline {
    private final Clock clock;
    private final long millis;

    Deadline(Clock clock, Duration fromNow) {
        this.clock = clock;
        this.millis = clock.millis() + fromNow.toMillis();
    }

    /** Lets the next read wait no longer than is left. @throws SocketTimeoutException when nothing is left */
    void limit(Socket tcp) throws IOException {
        long left = millis - clock.millis();
        if (left <= 0) {
            throw new SocketTimeoutException("deadline passed");
        }
        tcp.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
    }
}
