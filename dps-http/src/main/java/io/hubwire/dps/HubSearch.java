package io.hubwire.dps;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a device gets to a hub, and does nothing itself: what it returns is to be carried out. Source: dps 4.
 *
 * <pre>
 * state         event                          next
 * -             begin, with an assignment      CONNECTING
 *               begin, without                 REGISTERING
 * REGISTERING   assigned                       CONNECTING
 *               refused, or out of time        over: that failure
 * CONNECTING    accepted                       over: found
 *               refused for good               WAITING to register, as {@link RegistrationPace} says
 *               trouble that may pass          WAITING to connect; after the patience, to register
 *               any other failure              over: that failure
 * WAITING       time is up                     REGISTERING or CONNECTING
 * any           deadline                       over: the last failure
 * </pre>
 *
 * An event that does not fit the state is late and changes nothing. Not thread-safe.
 */
final class HubSearch {
    /** The hub knows the device, and does not want it; or does not know it. */
    private static final Set<ErrorCode> FOR_GOOD =
            EnumSet.of(ErrorCode.UNAUTHORIZED, ErrorCode.NOT_FOUND, ErrorCode.FORBIDDEN, ErrorCode.DISABLED);

    /** What is to be done. */
    sealed interface Step {
        record Register() implements Step {}

        record Connect(Assignment assignment) implements Step {}

        /**
         * Then {@link #onTimer}.
         *
         * @param next what will be done then, for the log
         * @param reason why not at once
         */
        record Wait(Duration delay, String next, HubwireException reason) implements Step {}

        record Found() implements Step {}

        record Failed(HubwireException cause) implements Step {}

        /** The event came late. */
        record Nothing() implements Step {}
    }

    private enum State {
        NEW,
        REGISTERING,
        CONNECTING,
        WAITING_TO_REGISTER,
        WAITING_TO_CONNECT,
        OVER
    }

    private final String what;
    private final Duration patience;
    private final RegistrationPace pace;
    private final Backoff backoff;
    private State state = State.NEW;
    private @Nullable Assignment assignment;
    private @Nullable Instant troubleSince;
    private @Nullable HubwireException last;

    /**
     * @param what for messages: which device
     * @param patience with a hub that cannot be reached, before DPS is asked
     */
    HubSearch(String what, Duration patience, RegistrationPace pace, RandomGenerator random) {
        this.what = what;
        this.patience = patience;
        this.pace = pace;
        this.backoff = new Backoff(random);
    }

    /** @param known from an earlier life; null when the device never registered */
    Step begin(@Nullable Assignment known) {
        return known == null ? register() : connect(known);
    }

    Step onAssigned(Assignment assigned, Instant now) {
        if (state != State.REGISTERING) {
            return new Step.Nothing();
        }
        pace.registered(now);
        troubleSince = null;
        return connect(assigned);
    }

    Step onNotAssigned(HubwireException cause) {
        return state == State.REGISTERING ? fail(cause) : new Step.Nothing();
    }

    Step onAccepted() {
        if (state != State.CONNECTING) {
            return new Step.Nothing();
        }
        state = State.OVER;
        return new Step.Found();
    }

    Step onNotAccepted(HubwireException cause, Instant now) {
        if (state != State.CONNECTING) {
            return new Step.Nothing();
        }
        last = cause;
        if (FOR_GOOD.contains(cause.code())) {
            return registerLater(cause, now);
        }
        if (!cause.code().retryable()) {
            return fail(cause);
        }
        Instant since = troubleSince;
        if (since == null) {
            troubleSince = now;
        } else if (Duration.between(since, now).compareTo(patience) >= 0) {
            return registerLater(cause, now);
        }
        state = State.WAITING_TO_CONNECT;
        return new Step.Wait(backoff.failure(Optional.empty()), "connects", cause);
    }

    Step onTimer() {
        Assignment known = assignment;
        if (state == State.WAITING_TO_CONNECT && known != null) {
            return connect(known);
        }
        return state == State.WAITING_TO_REGISTER ? register() : new Step.Nothing();
    }

    Step onDeadline() {
        HubwireException cause = last;
        return abort(
                cause != null
                        ? cause
                        : new DpsException(
                                ErrorCode.TIMED_OUT, what + " found no hub in time", null, null, null, null));
    }

    Step abort(HubwireException cause) {
        return state == State.OVER ? new Step.Nothing() : fail(cause);
    }

    private Step registerLater(HubwireException cause, Instant now) {
        state = State.WAITING_TO_REGISTER;
        return new Step.Wait(pace.afterRefusal(now), "registers", cause);
    }

    private Step register() {
        state = State.REGISTERING;
        return new Step.Register();
    }

    private Step connect(Assignment to) {
        assignment = to;
        state = State.CONNECTING;
        return new Step.Connect(to);
    }

    private Step fail(HubwireException cause) {
        state = State.OVER;
        return new Step.Failed(cause);
    }
}
