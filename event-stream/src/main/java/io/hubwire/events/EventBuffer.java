package io.hubwire.events;

import io.hubwire.events.amqp.AmqpException;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.TransportException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What has arrived and waits to be taken. Credit keeps it small, so adding never blocks. After {@link #end} it hands out
 * what is left, then the reason. Thread-safe.
 *
 * @param <T> what waits
 */
final class EventBuffer<T> {
    /** Something that waits. @param taken run when it is taken */
    private record Entry<T>(@Nullable T value, Runnable taken) {}

    private final LinkedBlockingQueue<Entry<T>> entries = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable HubwireException> reason = new AtomicReference<>();

    void add(T value, Runnable taken) {
        if (reason.get() == null) {
            entries.add(new Entry<>(value, taken));
        }
    }

    /** No more will come; the first reason counts. */
    void end(HubwireException why) {
        if (reason.compareAndSet(null, why)) {
            entries.add(new Entry<>(null, () -> {}));
        }
    }

    /** No more is wanted: forgets what waits. */
    void close() {
        reason.compareAndSet(null, new TransportException(ErrorCode.CANCELLED, "the reader was closed"));
        entries.clear();
        entries.add(new Entry<>(null, () -> {}));
    }

    /** Why no more comes, once that is so. */
    Optional<HubwireException> reason() {
        return Optional.ofNullable(reason.get());
    }

    /**
     * The next, or empty when none came in time.
     *
     * @throws HubwireException the reason, once all that arrived before it is taken
     */
    Optional<T> next(Duration timeout) throws InterruptedException {
        Entry<T> entry = entries.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (entry == null) {
            return Optional.empty();
        }
        T value = entry.value();
        if (value == null) {
            entries.add(entry); // the next who asks is told, too
            throw again(reason.get());
        }
        entry.taken().run();
        return Optional.of(value);
    }

    /** The same failure with the trace of the one who waits now. */
    private static HubwireException again(@Nullable HubwireException why) {
        ErrorCode code = why == null ? ErrorCode.CANCELLED : why.code();
        String text = why == null ? "the reader was closed" : String.valueOf(why.getMessage());
        if (why instanceof RemoteProtocolException) {
            return new RemoteProtocolException(text, why);
        }
        return why instanceof AmqpException amqp
                ? new AmqpException(code, amqp.condition(), text, amqp.info(), why)
                : new TransportException(code, text, why);
    }
}
