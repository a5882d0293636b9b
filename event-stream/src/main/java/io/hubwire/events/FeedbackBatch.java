package io.hubwire.events;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.messaging.Released;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.jspecify.annotations.Nullable;

/**
 * Feedback records that came together. Until one of {@link #complete}, {@link #abandon} and {@link #reject} is called, they
 * are locked for this receiver; the lock ends after a minute, and with the connection. Then they come again.
 */
public final class FeedbackBatch {
    private final List<FeedbackRecord> records;
    private final @Nullable Instant enqueuedTime;
    private final Consumer<DeliveryState> settle;

    FeedbackBatch(List<FeedbackRecord> records, @Nullable Instant enqueuedTime, Consumer<DeliveryState> settle) {
        this.records = List.copyOf(records);
        this.enqueuedTime = enqueuedTime;
        this.settle = settle;
    }

    /** In the order given; may be empty. */
    public List<FeedbackRecord> records() {
        return records;
    }

    /** When the batch was made, by the service's clock; empty when it did not say. */
    public Optional<Instant> enqueuedTime() {
        return Optional.ofNullable(enqueuedTime);
    }

    /** Done: it does not come again. Sent without waiting; the service does not answer. */
    public void complete() {
        settle.accept(Accepted.getInstance());
    }

    /** Gives it back: it comes again, to this or another receiver. */
    public void abandon() {
        settle.accept(Released.getInstance());
    }

    /** Drops it. */
    public void reject() {
        settle.accept(new Rejected());
    }

    @Override
    public String toString() {
        return "FeedbackBatch[" + records.size() + " records, " + enqueuedTime + "]";
    }
}
