package io.hubwire.events;

import io.hubwire.events.amqp.Threads;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Brings a stream to a subscriber as it asks for it. Its calls all come from one thread. */
final class EventSubscription implements Flow.Subscription {
    private final EventStream stream;
    private final Flow.Subscriber<? super Event> subscriber;
    private final Semaphore demand = new Semaphore(0);
    private volatile boolean cancelled;
    private volatile boolean badRequest;

    EventSubscription(EventStream stream, Flow.Subscriber<? super Event> subscriber) {
        this.stream = stream;
        this.subscriber = subscriber;
    }

    /** Tells a second subscriber that there is one already. */
    static void refuse(Flow.Subscriber<? super Event> subscriber) {
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                // nothing will come
            }

            @Override
            public void cancel() {
                // nothing to cancel
            }
        });
        subscriber.onError(new IllegalStateException("somebody listens to this stream already"));
    }

    void start() {
        subscriber.onSubscribe(this);
        Threads.start("hubwire-events-publisher", this::run);
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            badRequest = true;
            demand.release();
            return;
        }
        int free = Integer.MAX_VALUE / 2 - demand.availablePermits();
        demand.release((int) Math.max(0, Math.min(n, free)));
    }

    @Override
    public void cancel() {
        cancelled = true;
        stream.close();
    }

    private void run() {
        try {
            while (!cancelled && !stream.isClosed()) {
                if (demand.tryAcquire(1, TimeUnit.SECONDS)) {
                    deliverOne();
                }
            }
            if (!cancelled) {
                subscriber.onComplete();
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failed) {
            stream.close();
            if (!cancelled) {
                subscriber.onError(failed);
            }
        }
    }

    private void deliverOne() {
        if (badRequest) {
            throw new IllegalArgumentException("request(n) wants n > 0; Reactive Streams 3.9");
        }
        Optional<Event> event = Optional.empty();
        while (event.isEmpty() && !cancelled && !stream.isClosed()) {
            event = stream.nextUnlessClosed();
        }
        if (!cancelled) {
            event.ifPresent(subscriber::onNext);
        }
    }
}
