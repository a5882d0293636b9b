package io.hubwire.mqtt;

import io.hubwire.mqtt.ConnectionEvent.Deadline;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of a connection, without any I/O, clock or thread: events go in, steps come out. Not thread-safe: the driver
 * owns it. It is fed only with events of the present link and of deadlines that are still armed.
 *
 * <pre>
 * state          event                      next state      what is done
 * -------------  -------------------------  --------------  -----------------------------------------------
 * IDLE           Open                       CONNECTING      open link; STEP, PATIENCE
 *                Close                      CLOSED
 * CONNECTING     LinkUp, nothing wanted     READY           as below
 *                LinkUp                     SUBSCRIBING     subscribe to all that is wanted; STEP, RENEWAL
 *                STEP over                  CONNECTING      cut link; LinkDown follows
 *                LinkDown                   WAITING, CONNECTING (RETRY_NOW) or IDLE (gave up)
 * SUBSCRIBING    all granted                READY           start sending; SETTLED
 *                one refused                LEAVING         close link, then give up naming the filter
 *                STEP over                  SUBSCRIBING     cut link; LinkDown follows
 *                LinkDown                   as CONNECTING
 * READY          Want                       READY           subscribe; STEP
 *                one refused                READY           forget that filter, tell who wanted it
 *                STEP over                  READY           cut link: a SUBACK is missing
 *                SETTLED over               READY           back-off starts anew
 *                RENEWAL over               DRAINING        stop sending; STEP
 *                LinkDown                   WAITING or IDLE
 * DRAINING       Drained, STEP over         LEAVING         close link, then open the next at once; STEP
 *                LinkDown                   CONNECTING
 * LEAVING        LinkDown                   CONNECTING (renewal) or IDLE (gave up)
 *                STEP over                  LEAVING         cut link
 * WAITING        RETRY over                 CONNECTING      open link; STEP
 * before READY   PATIENCE over              LEAVING, IDLE   cut link, if any; give up with the last failure
 * any            Close                      FINISHING       stop sending; STEP; with no link: CLOSED
 * FINISHING      Drained, STEP over         FINISHING       close link; a second STEP over cuts it
 *                LinkDown                   CLOSED
 * CLOSED         anything                   CLOSED          nothing
 * </pre>
 *
 * A link that the hub ends within {@link ConnectionTimes#settle} of being ready counts as short; after three in a row a
 * take-over by another client with the same id is suspected, and the delay is at least {@link
 * ConnectionTimes#takenOver}. A refusal (CONNACK 5) is final for a client that was never ready since it was opened; one
 * that was is tried again for as long as {@link RetryPolicy#openPatience} from the first of a row of refusals, since keys
 * are rolled and hubs fail over. Any other failure that can be tried again ends the row.
 */
final class ConnectionMachine {
    private static final int SHORT_LINKS_OF_A_TAKEOVER = 3;
    private static final int REFUSED_FILTER = 0x80;

    private enum State {
        IDLE,
        CONNECTING,
        SUBSCRIBING,
        READY,
        DRAINING,
        LEAVING,
        WAITING,
        FINISHING,
        CLOSED
    }

    private final RetryPolicy retry;
    private final ConnectionTimes times;
    private final DoubleSupplier random;
    private final Set<String> wanted = new LinkedHashSet<>();
    private final Set<String> granted = new HashSet<>();
    private State state = State.IDLE;
    private ChangeReason reason = ChangeReason.REQUESTED;
    private int attempts;
    private int shortLinks;
    private boolean settled;
    private boolean sessionPresent;
    private boolean wasReady;
    /** Whether PATIENCE runs because of refusals. */
    private boolean refusedBefore;

    private boolean leavingAnnounced;
    private @Nullable Failure lastFailure;
    /** Why we leave; null means that the next link follows. */
    private @Nullable Failure giveUpAfterLeaving;

    /** @param random from 0 (inclusive) to 1, for jitter */
    ConnectionMachine(RetryPolicy retry, ConnectionTimes times, DoubleSupplier random) {
        this.retry = retry;
        this.times = times;
        this.random = random;
    }

    /** Takes one event; the steps are to be carried out in order before the next event. */
    List<ConnectionStep> on(ConnectionEvent event) {
        Steps steps = new Steps();
        if (state == State.CLOSED) {
            if (event instanceof ConnectionEvent.Close) {
                steps.add(new ConnectionStep.Finished());
            }
            return steps;
        }
        if (event instanceof ConnectionEvent.Open) {
            open(steps);
        } else if (event instanceof ConnectionEvent.Close) {
            close(steps);
        } else if (event instanceof ConnectionEvent.LinkUp up) {
            linkUp(up, steps);
        } else if (event instanceof ConnectionEvent.LinkDown down) {
            linkDown(down.failure(), steps);
        } else if (event instanceof ConnectionEvent.Subscribed answer) {
            subscribed(answer, steps);
        } else if (event instanceof ConnectionEvent.Want want) {
            want(want.filter(), steps);
        } else if (event instanceof ConnectionEvent.Drained) {
            drained(steps);
        } else if (event instanceof ConnectionEvent.Expired expired) {
            expired(expired.which(), steps);
        }
        return steps;
    }

    boolean isReady() {
        return state == State.READY;
    }

    private void open(Steps steps) {
        switch (state) {
            case IDLE -> {
                attempts = 0;
                shortLinks = 0;
                wasReady = false;
                refusedBefore = false;
                lastFailure = null;
                reason = ChangeReason.REQUESTED;
                if (retry.retries()) {
                    steps.arm(Deadline.PATIENCE, retry.openPatience());
                }
                openLink(steps);
            }
            case READY -> steps.add(new ConnectionStep.Opened());
            default -> {} // under way; the driver keeps who waits
        }
    }

    private void openLink(Steps steps) {
        state = State.CONNECTING;
        granted.clear();
        steps.announce(ConnectionState.CONNECTING, reason, null, null);
        steps.add(new ConnectionStep.OpenLink());
        steps.arm(Deadline.STEP, times.connect());
    }

    private void linkUp(ConnectionEvent.LinkUp up, Steps steps) {
        if (state != State.CONNECTING) {
            return; // closed in the meantime
        }
        sessionPresent = up.sessionPresent();
        Duration renewIn = up.renewIn();
        if (renewIn != null) {
            steps.arm(Deadline.RENEWAL, renewIn);
        }
        state = State.SUBSCRIBING;
        if (wanted.isEmpty()) {
            ready(steps);
        } else {
            steps.add(new ConnectionStep.Subscribe(List.copyOf(wanted)));
            steps.arm(Deadline.STEP, times.subscribe());
        }
    }

    private void ready(Steps steps) {
        state = State.READY;
        wasReady = true;
        settled = false;
        refusedBefore = false;
        steps.disarm(Deadline.STEP, Deadline.PATIENCE);
        steps.arm(Deadline.SETTLED, times.settle());
        steps.add(new ConnectionStep.StartSending(sessionPresent));
        steps.announce(ConnectionState.CONNECTED, reason, null, null);
        steps.add(new ConnectionStep.Opened());
    }

    private void want(String filter, Steps steps) {
        if (granted.contains(filter)) {
            steps.add(new ConnectionStep.Granted(List.of(filter)));
        } else if (wanted.add(filter) && state == State.READY) {
            steps.add(new ConnectionStep.Subscribe(List.of(filter)));
            steps.arm(Deadline.STEP, times.subscribe());
        }
    }

    private void subscribed(ConnectionEvent.Subscribed answer, Steps steps) {
        List<String> given = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < answer.filters().size(); i++) {
            boolean ok = i < answer.granted().size() && answer.granted().get(i) < REFUSED_FILTER;
            (ok ? given : refused).add(answer.filters().get(i));
        }
        granted.addAll(given);
        if (!given.isEmpty()) {
            steps.add(new ConnectionStep.Granted(given));
        }
        if (state == State.SUBSCRIBING) {
            subscribedAtStart(refused, steps);
        } else {
            for (String filter : refused) {
                wanted.remove(filter);
                steps.add(new ConnectionStep.NotGranted(filter, notGranted(filter)));
            }
            if (state == State.READY && granted.containsAll(wanted)) {
                steps.disarm(Deadline.STEP);
            }
        }
    }

    private void subscribedAtStart(List<String> refused, Steps steps) {
        if (!refused.isEmpty()) {
            giveUpAfterLeaving = new Failure(
                    notGranted(String.join(", ", refused)), ChangeReason.REFUSED, Failure.Verdict.GIVE_UP, false);
            leave(steps);
            return;
        }
        List<String> added = wanted.stream().filter(f -> !granted.contains(f)).toList();
        if (added.isEmpty()) {
            ready(steps);
        } else {
            steps.add(new ConnectionStep.Subscribe(added));
            steps.arm(Deadline.STEP, times.subscribe());
        }
    }

    private static HubwireException notGranted(String filters) {
        return new TransportException(
                ErrorCode.FORBIDDEN, "subscription to [" + filters + "] was refused by the hub (SUBACK 0x80)");
    }

    private void drained(Steps steps) {
        if (state == State.DRAINING) {
            giveUpAfterLeaving = null;
            leave(steps);
        } else if (state == State.FINISHING) {
            finishLink(steps);
        }
    }

    private void leave(Steps steps) {
        state = State.LEAVING;
        steps.disarm(Deadline.RENEWAL, Deadline.SETTLED);
        steps.add(new ConnectionStep.CloseLink());
        steps.arm(Deadline.STEP, times.disconnect());
    }

    private void finishLink(Steps steps) {
        if (!leavingAnnounced) {
            leavingAnnounced = true;
            steps.add(new ConnectionStep.CloseLink());
            steps.arm(Deadline.STEP, times.disconnect());
        }
    }

    private void linkDown(@Nullable Failure failure, Steps steps) {
        State before = state;
        steps.disarm(Deadline.STEP, Deadline.RENEWAL, Deadline.SETTLED);
        granted.clear();
        steps.add(new ConnectionStep.StopSending());
        switch (before) {
            case FINISHING -> finished(steps);
            case LEAVING -> {
                Failure last = giveUpAfterLeaving;
                if (last != null) {
                    giveUp(last, steps);
                } else {
                    reconnectForRenewal(steps);
                }
            }
            case DRAINING -> reconnectForRenewal(steps);
            case IDLE, WAITING, CLOSED -> {} // no link was there
            default -> lost(before == State.READY, failure, steps);
        }
    }

    private void reconnectForRenewal(Steps steps) {
        attempts = 0;
        reason = ChangeReason.TOKEN_RENEWAL;
        openLink(steps);
    }

    private void lost(boolean wasUp, @Nullable Failure failure, Steps steps) {
        Failure why = failure != null
                ? failure
                : Failure.transientOne(
                        new TransportException(ErrorCode.CONNECTION_LOST, "connection closed"), ChangeReason.LINK_LOST);
        lastFailure = why;
        boolean refusedForNow = why.verdict() == Failure.Verdict.REFUSED && wasReady && retry.retries();
        if (why.verdict() == Failure.Verdict.GIVE_UP
                || (why.verdict() == Failure.Verdict.REFUSED && !refusedForNow)
                || (!retry.retries() && why.verdict() != Failure.Verdict.RETRY_NOW)) {
            giveUp(why, steps);
            return;
        }
        if (wasUp) {
            shortLinks = why.byPeer() && !settled ? shortLinks + 1 : 0;
        }
        if (wasReady) {
            countRefusals(why, refusedForNow, steps);
        }
        reason = why.reason();
        if (why.verdict() == Failure.Verdict.RETRY_NOW) {
            openLink(steps);
        } else {
            waitForRetry(why, steps);
        }
    }

    /** Patience begins with the first of a row of refusals, and ends with the row: what else goes wrong is tried for ever. */
    private void countRefusals(Failure why, boolean refusedForNow, Steps steps) {
        if (refusedForNow && !refusedBefore) {
            refusedBefore = true;
            steps.arm(Deadline.PATIENCE, retry.openPatience());
        } else if (refusedBefore && why.verdict() == Failure.Verdict.RETRY) {
            refusedBefore = false;
            steps.disarm(Deadline.PATIENCE);
        }
    }

    private void waitForRetry(Failure why, Steps steps) {
        attempts++;
        Duration delay = retry.delay(attempts, random.getAsDouble());
        HubwireException cause = why.cause();
        if (shortLinks >= SHORT_LINKS_OF_A_TAKEOVER) {
            reason = ChangeReason.TAKEN_OVER;
            cause = takenOver(why);
            delay = delay.compareTo(times.takenOver()) < 0 ? times.takenOver() : delay;
        }
        state = State.WAITING;
        steps.arm(Deadline.RETRY, delay);
        steps.announce(ConnectionState.RETRYING, reason, cause, delay);
    }

    private HubwireException takenOver(Failure why) {
        return new TransportException(
                ErrorCode.TAKEN_OVER,
                "the hub ended [" + shortLinks + "] connections in a row soon after they were ready; probably another"
                        + " client uses the same id, and a hub serves only the latest. Or its messages of the day are used"
                        + " up, and it ends the connection at each one; MQTT does not tell which",
                why.cause());
    }

    private void expired(Deadline which, Steps steps) {
        switch (which) {
            case STEP -> stepTooLong(steps);
            case RETRY -> {
                if (state == State.WAITING) {
                    openLink(steps);
                }
            }
            case RENEWAL -> renew(steps);
            case SETTLED -> {
                settled = true;
                attempts = 0;
                shortLinks = 0;
            }
            case PATIENCE -> outOfPatience(steps);
        }
    }

    private void stepTooLong(Steps steps) {
        switch (state) {
            case CONNECTING ->
                steps.abort(
                        ErrorCode.TIMED_OUT,
                        "no CONNACK within " + times.connect().toMillis() + " ms");
            case SUBSCRIBING, READY ->
                steps.abort(
                        ErrorCode.TIMED_OUT,
                        "no SUBACK within " + times.subscribe().toMillis() + " ms");
            case DRAINING -> {
                giveUpAfterLeaving = null;
                leave(steps);
            }
            case FINISHING -> {
                if (leavingAnnounced) {
                    steps.abort(ErrorCode.CANCELLED, "client closed");
                } else {
                    finishLink(steps);
                }
            }
            default -> steps.abort(ErrorCode.CANCELLED, "disconnecting took too long");
        }
    }

    private void renew(Steps steps) {
        if (state == State.READY) {
            state = State.DRAINING;
            steps.arm(Deadline.STEP, times.drain());
            steps.add(new ConnectionStep.StopSending());
        } else if (state == State.SUBSCRIBING) {
            steps.arm(Deadline.RENEWAL, Duration.ofSeconds(1)); // not now, but soon
        }
    }

    private void outOfPatience(Steps steps) {
        Failure why = lastFailure;
        if (why == null) {
            why = Failure.transientOne(
                    new TransportException(
                            ErrorCode.TIMED_OUT,
                            "not connected within " + retry.openPatience().toMillis() + " ms"),
                    ChangeReason.UNREACHABLE);
        }
        switch (state) {
            case CONNECTING, SUBSCRIBING -> {
                giveUpAfterLeaving = why;
                state = State.LEAVING;
                steps.abort(ErrorCode.TIMED_OUT, "not connected in time");
            }
            case WAITING -> {
                steps.disarm(Deadline.RETRY);
                giveUp(why, steps);
            }
            default -> {} // it came up just in time
        }
    }

    private void giveUp(Failure why, Steps steps) {
        state = State.IDLE;
        giveUpAfterLeaving = null;
        steps.disarm(Deadline.PATIENCE);
        steps.announce(ConnectionState.DISCONNECTED, why.reason(), why.cause(), null);
        steps.add(new ConnectionStep.OpenFailed(why.cause()));
    }

    private void close(Steps steps) {
        State before = state;
        steps.disarm(Deadline.RETRY, Deadline.PATIENCE, Deadline.RENEWAL, Deadline.SETTLED);
        switch (before) {
            case IDLE, WAITING -> finished(steps);
            case FINISHING -> {} // under way
            case READY, DRAINING -> {
                state = State.FINISHING;
                steps.arm(Deadline.STEP, times.closeDrain());
                steps.add(new ConnectionStep.StopSending());
            }
            default -> {
                state = State.FINISHING;
                finishLink(steps);
            }
        }
    }

    private void finished(Steps steps) {
        state = State.CLOSED;
        steps.announce(ConnectionState.CLOSED, ChangeReason.REQUESTED, null, null);
        steps.add(new ConnectionStep.Finished());
    }

    /** Steps as they are collected, with shorter words for the frequent ones. */
    private static final class Steps extends ArrayList<ConnectionStep> {
        private static final long serialVersionUID = 1L;

        void arm(Deadline which, Duration delay) {
            add(new ConnectionStep.Arm(which, delay));
        }

        void disarm(Deadline... which) {
            for (Deadline d : which) {
                add(new ConnectionStep.Disarm(d));
            }
        }

        void abort(ErrorCode code, String text) {
            add(new ConnectionStep.AbortLink(new TransportException(code, text)));
        }

        void announce(
                ConnectionState to, ChangeReason why, @Nullable HubwireException cause, @Nullable Duration retryIn) {
            add(new ConnectionStep.Announce(new ConnectionChange(to, why, cause, retryIn)));
        }
    }
}
