package io.hubwire.devicehttp;

import io.hubwire.https.Await;
import io.hubwire.https.HttpsClient;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for messages at intervals, all that are there each time, and settles each as the handler says. HTTPS has no other
 * way, and a hub wants to be asked at most every {@link #RECOMMENDED_INTERVAL}; who needs messages sooner takes MQTT.
 * Source: device-http 5.
 */
public final class C2dPolling implements AutoCloseable {
    /** What Microsoft asks for outside of development: 25 minutes. */
    public static final Duration RECOMMENDED_INTERVAL = Duration.ofMinutes(25);

    private static final Logger LOG = LoggerFactory.getLogger(C2dPolling.class);
    private static final long CLOSE_MILLIS = 500;

    private final HttpDeviceClient device;
    private final HttpsClient https;
    private final Duration interval;
    private final Function<LockedMessage, Settlement> handler;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean closed;

    C2dPolling(
            HttpDeviceClient device,
            HttpsClient https,
            Duration interval,
            Function<LockedMessage, Settlement> handler) {
        this.device = device;
        this.https = https;
        this.interval = interval;
        this.handler = handler;
        this.thread = new Thread(this::run, "hubwire-device-poll-" + device.identity());
        this.thread.setDaemon(true);
    }

    C2dPolling start() {
        if (interval.compareTo(RECOMMENDED_INTERVAL) < 0) {
            LOG.warn(
                    "[{}] asks for messages every {}; a hub wants to be asked every {} or less often, and throttles",
                    device.identity(),
                    interval,
                    RECOMMENDED_INTERVAL);
        } else {
            LOG.info(
                    "[{}] asks for messages every {}; a message may wait that long. MQTT brings it at once",
                    device.identity(),
                    interval);
        }
        thread.start();
        return this;
    }

    /** How long between two rounds. */
    public Duration interval() {
        return interval;
    }

    /**
     * Completes when polling has ended: normally after {@link #close}, or with the refusal that time will not mend, such
     * as {@code UNAUTHORIZED} or {@code NOT_FOUND}. Failures that may pass are logged, and the next round tries again.
     */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    private void run() {
        try {
            while (!closed) {
                round();
                Await.on(https.pause(interval));
            }
            ended.complete(null);
        } catch (HubwireException why) {
            end(why);
        } catch (IllegalStateException clientClosed) {
            ended.complete(null);
        }
    }

    private void end(HubwireException why) {
        if (closed || why.code() == ErrorCode.CANCELLED) {
            ended.complete(null);
        } else {
            LOG.warn("[{}] asks for messages no more: {}", device.identity(), why.getMessage());
            ended.completeExceptionally(why);
        }
    }

    private void round() {
        try {
            Optional<LockedMessage> next = device.blocking().receive();
            while (next.isPresent() && !closed) {
                handle(next.get());
                next = device.blocking().receive();
            }
        } catch (HubwireException failure) {
            if (!failure.code().retryable()) {
                throw failure;
            }
            LOG.warn("[{}] could not ask for messages: {}", device.identity(), failure.getMessage());
        }
    }

    private void handle(LockedMessage message) {
        Settlement settlement;
        try {
            settlement = handler.apply(message);
        } catch (RuntimeException failed) {
            LOG.warn("the handler failed; the message is given back", failed);
            settlement = Settlement.ABANDON;
        }
        try {
            device.blocking().settle(message.lockToken(), settlement);
        } catch (HubwireException lost) {
            if (lost.code() != ErrorCode.PRECONDITION_FAILED) {
                throw lost;
            }
            LOG.warn("the handler took longer than the lock lasted; the message comes again: {}", lost.getMessage());
        }
    }

    /** Ends after the message in hand, which is waited for half a second. Idempotent. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
