package io.hubwire.localhub.engine;

import io.hubwire.localhub.engine.C2dQueue.Ended;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Limits;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.time.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every identity's {@link C2dQueue}, each under a lock of its own, moved on by calls and by one timer task a queue. What
 * follows from a change (feedback, a word to the session) happens after the lock is given back.
 */
final class HubC2dQueues implements C2dQueues, HubSessions.Observer {
    /** An expiry may lie centuries ahead, further than timers count. */
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final EngineOptions.C2d options;
    private final Identities identities;
    private final DeviceLocks locks;
    private final HubSessions sessions;
    private final HubFeedback feedback;
    private final C2dArchive archive;
    private final Clock clock;
    private final Timer timer;
    private final Ids ids;
    private final ConcurrentHashMap<Identity, Line> lines = new ConcurrentHashMap<>();

    HubC2dQueues(
            EngineOptions.C2d options,
            Identities identities,
            DeviceLocks locks,
            HubSessions sessions,
            HubFeedback feedback,
            C2dArchive archive,
            Clock clock,
            Timer timer,
            Ids ids) {
        this.options = options;
        this.identities = identities;
        this.locks = locks;
        this.sessions = sessions;
        this.feedback = feedback;
        this.archive = archive;
        this.clock = clock;
        this.timer = timer;
        this.ids = ids;
    }

    /** A queue, its lock and its timer task. */
    private final class Line {
        private final Identity identity;
        private final C2dQueue queue = new C2dQueue(options);
        private Timer.@Nullable Scheduled wakeUp;
        private Instant wakeUpAt = Instant.MAX;
        private boolean dropped;

        Line(Identity identity) {
            this.identity = identity;
        }

        /** Sweeps, does {@code work} and sees to the timer; notes what the caller must make known. */
        synchronized <T> T change(Instant now, News news, Work<T> work) {
            news.available |= queue.sweep(now, news.ended);
            try {
                return work.on(queue, news);
            } finally {
                setWakeUp(now);
                news.counted(archive, identity, queue.takeCounted());
                news.settle(archive, identity, now);
            }
        }

        /** Takes in what the store has. */
        synchronized void restore(C2dQueue.Entry entry, Instant now) {
            queue.restore(entry);
            setWakeUp(now);
        }

        /** As {@link #change}, and makes the news known. */
        <T> T on(Instant now, Work<T> work) {
            News news = new News();
            try {
                return change(now, news, work);
            } finally {
                news.spread(identity);
            }
        }

        synchronized int size() {
            return queue.size();
        }

        /** No task may outlive the queue. */
        synchronized void stop() {
            dropped = true;
            setWakeUp(Instant.EPOCH);
        }

        synchronized void drop() {
            stop();
            archive.dropped(identity, queue.clear());
        }

        private void setWakeUp(Instant now) {
            Instant at = dropped ? Instant.MAX : queue.nextDeadline().orElse(Instant.MAX);
            if (at.equals(wakeUpAt)) {
                return;
            }
            if (wakeUp != null) {
                wakeUp.cancel();
                wakeUp = null;
            }
            wakeUpAt = at;
            if (at.isBefore(Instant.MAX)) {
                Duration wait = Duration.between(now, at);
                wakeUp = timer.schedule(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT, this::wakeUp);
            }
        }

        private void wakeUp() {
            on(clock.instant(), (queue, news) -> {
                wakeUp = null;
                wakeUpAt = Instant.MAX;
                return true;
            });
        }
    }

    /** What others must hear of once the locks are given back. */
    private final class News {
        private final List<Ended> ended = new ArrayList<>();
        private final List<HubFeedback.Entry> records = new ArrayList<>();
        private boolean available;

        /** Has the store know of what ended, and of its feedback, at once. */
        void settle(C2dArchive store, Identity identity, Instant now) {
            if (!ended.isEmpty()) {
                records.addAll(store.ended(identity, List.copyOf(ended), feedback, now));
                ended.clear();
            }
        }

        void counted(C2dArchive store, Identity identity, List<C2dQueue.Entry> entries) {
            entries.forEach(entry -> store.counted(identity, entry));
        }

        void spread(Identity identity) {
            if (!records.isEmpty()) {
                feedback.publish(records);
            }
            if (available) {
                sessions.current(identity).ifPresent(DeviceSession::c2dAvailable);
            }
        }
    }

    private interface Work<T> {
        T on(C2dQueue queue, News news);
    }

    @Override
    public void enqueue(Identity target, Message message) {
        Instant now = clock.instant();
        refuseBad(message);
        Instant expires = expiry(message, now);
        Message addressed = message.toBuilder()
                .system(SystemProperty.TO, "/" + target.resource() + "/messages/deviceBound")
                .build();
        News news = new News();
        try {
            locks.locked(target.device(), () -> {
                String generation = identities.require(target).generationId();
                return line(target).change(now, news, (queue, n) -> {
                    C2dQueue.Entry entry = queue.add(addressed, generation, now, expires);
                    try {
                        archive.added(target, entry);
                    } catch (RuntimeException e) {
                        queue.remove(entry); // the sender will hear that it was not taken
                        throw e;
                    }
                    n.available = true;
                    return generation;
                });
            });
        } finally {
            news.spread(target);
        }
    }

    @Override
    public Optional<Delivery> next(Identity identity, Object owner, Instant notBefore) {
        Instant now = clock.instant();
        Line line = lines.get(identity);
        return line == null
                ? Optional.empty()
                : line.on(now, (queue, news) -> queue.next(owner, now, notBefore, ids.uuid()));
    }

    @Override
    public void complete(Identity identity, String lockToken) {
        settle(identity, lockToken, (queue, news) -> news.ended.add(queue.complete(lockToken)));
    }

    @Override
    public void abandon(Identity identity, String lockToken) {
        settle(identity, lockToken, (queue, news) -> {
            queue.abandon(lockToken).ifPresentOrElse(news.ended::add, () -> news.available = true);
            return true;
        });
    }

    @Override
    public void reject(Identity identity, String lockToken) {
        settle(identity, lockToken, (queue, news) -> news.ended.add(queue.reject(lockToken)));
    }

    @Override
    public void release(Identity identity, Object owner) {
        Line line = lines.get(identity);
        if (line != null) {
            line.on(clock.instant(), (queue, news) -> news.available |= queue.release(owner));
        }
    }

    @Override
    public int purge(Identity identity) {
        identities.require(identity);
        Line line = lines.get(identity);
        return line == null
                ? 0
                : line.on(clock.instant(), (queue, news) -> {
                    List<Ended> purged = queue.purge();
                    news.ended.addAll(purged);
                    return purged.size();
                });
    }

    @Override
    public int pending(Identity identity) {
        Line line = lines.get(identity);
        return line == null ? 0 : line.size();
    }

    /** The identity is no more: its messages go without feedback. The caller holds the device's lock. */
    void drop(Identity identity) {
        Line line = lines.remove(identity);
        if (line != null) {
            line.drop();
        }
    }

    @Override
    public void gone(DeviceSession session) {
        release(session.identity(), session);
    }

    /**
     * Takes in what the store has.
     *
     * @return how many messages
     */
    int restore() {
        Instant now = clock.instant();
        return archive.load(identities, (identity, entry) -> line(identity).restore(entry, now));
    }

    /** Forgets the timer tasks. */
    void stop() {
        lines.values().forEach(Line::stop);
    }

    private void settle(Identity identity, String lockToken, Work<Boolean> settlement) {
        Line line = lines.get(identity);
        if (line == null) {
            throw C2dQueue.lockLost(lockToken);
        }
        line.on(clock.instant(), settlement);
    }

    private Line line(Identity identity) {
        return lines.computeIfAbsent(identity, Line::new);
    }

    private static void refuseBad(Message message) {
        Limits.c2dViolation(message).ifPresent(violation -> {
            boolean size = message.meteredSize() > Limits.C2D_BYTES;
            throw new HubException(size ? HubError.MESSAGE_TOO_LARGE : HubError.ARGUMENT_INVALID, violation);
        });
        AckKind.of(message); // refuses a bad one while the sender listens
    }

    private Instant expiry(Message message, Instant now) {
        String text = message.expiry().orElse("");
        if (text.isEmpty()) {
            return now.plus(options.timeToLive());
        }
        Instant expires = WireTime.parse(text)
                .orElseThrow(() -> new HubException(
                        HubError.ARGUMENT_INVALID, "expiry [" + text + "] must be an ISO 8601 time in UTC"));
        if (!expires.isAfter(now)) {
            throw new HubException(
                    HubError.INVALID_MESSAGE_EXPIRY_TIME, "expiry [" + text + "] is not after now [" + now + "]");
        }
        return expires;
    }
}
