package io.hubwire.dps;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The life of one registration, without any I/O: events go in, the next step comes out. Not thread-safe: the driver owns
 * it. Source: dps 2.4 and 2.7.
 *
 * <table>
 * <caption>States and events; an event that a state does not list is a mistake of the driver</caption>
 * <tr><th>state</th><th>event</th><th>step</th><th>next state</th></tr>
 * <tr><td>NEW</td><td>{@link #begin}</td><td>SendRegister</td><td>REGISTERING</td></tr>
 * <tr><td rowspan="8">REGISTERING</td>
 *     <td>2xx, assigning or unassigned</td><td>PollAfter</td><td>WAITING_TO_POLL</td></tr>
 * <tr><td>2xx, assigned</td><td>Assigned</td><td>ENDED</td></tr>
 * <tr><td>2xx, failed or disabled or other; other status</td><td>Failed</td><td>ENDED</td></tr>
 * <tr><td>401 with a challenge, the first, TPM only</td><td>ActivateTpm</td><td>ACTIVATING</td></tr>
 * <tr><td>401 to an expired token, the first</td><td>SendRegister with a fresh one</td><td>REGISTERING</td></tr>
 * <tr><td>307, 308 within the domain, up to three</td><td>SendRegister there</td><td>REGISTERING</td></tr>
 * <tr><td>408, 429, 5xx, 409203, 2xx that cannot be read, nothing ({@link #onLost})</td><td>RegisterAfter</td>
 *     <td>WAITING_TO_REGISTER</td></tr>
 * <tr><td>failure that will not pass ({@link #onLost})</td><td>Failed</td><td>ENDED</td></tr>
 * <tr><td>ACTIVATING</td><td>{@link #onActivated}</td><td>SendRegister, signed</td><td>REGISTERING</td></tr>
 * <tr><td>WAITING_TO_REGISTER</td><td>{@link #onTimer}</td><td>SendRegister</td><td>REGISTERING</td></tr>
 * <tr><td>WAITING_TO_POLL</td><td>{@link #onTimer}</td><td>SendPoll</td><td>POLLING</td></tr>
 * <tr><td>POLLING</td><td>as in REGISTERING, but no challenge and 409203 is final</td>
 *     <td>PollAfter for RegisterAfter, SendPoll for SendRegister</td><td>likewise</td></tr>
 * <tr><td>any</td><td>{@link #onDeadline}, {@link #abort}; a wait that would end after the deadline</td>
 *     <td>Failed</td><td>ENDED</td></tr>
 * <tr><td>ENDED</td><td>any</td><td>the last step again</td><td>ENDED</td></tr>
 * </table>
 */
public final class Registration {
    private static final int MOST_REDIRECTS = 3;
    private static final long TOLERABLE_SECONDS = 60;

    /** What the driver must do next. */
    public sealed interface Step {
        /**
         * Send the register request, then report its answer.
         *
         * @param host where to
         * @param signed whether to prove who one is; false only for the first request of a TPM
         * @param signAnew the service's time when it refused the token for its age: sign another as of then; null when
         *     the token at hand will do
         */
        record SendRegister(
                String host, boolean signed, @Nullable Instant signAnew) implements Step {}

        /** Wait, then call {@link Registration#onTimer}. */
        record RegisterAfter(Duration delay) implements Step {}

        /**
         * Ask how far the operation is, then report the answer.
         *
         * @param host where to
         * @param operationId opaque, never empty
         * @param signAnew as above
         */
        record SendPoll(
                String host, String operationId, @Nullable Instant signAnew) implements Step {}

        /** Wait, then call {@link Registration#onTimer}. */
        record PollAfter(Duration delay, String operationId) implements Step {}

        /**
         * Give the TPM this key, then call {@link Registration#onActivated}.
         *
         * @param authenticationKey base64, as DPS sent it
         */
        record ActivateTpm(String authenticationKey) implements Step {
            @Override
            public String toString() {
                return "ActivateTpm[…]";
            }
        }

        /** The end, and a good one. */
        record Assigned(Assignment assignment) implements Step {}

        /** The end. The cause is a {@link DpsException} when DPS spoke it. */
        record Failed(HubwireException cause) implements Step {}
    }

    /**
     * An answer over HTTP.
     *
     * @param status 100 to 599
     * @param body text, possibly no JSON at all
     * @param retryAfter as the service ordered, in either of the header's forms
     * @param location of a redirect; null when absent
     * @param date the service's time; null when absent
     * @param tokenExpiry of the token that was sent; null when none was
     */
    public record Answer(
            int status,
            String body,
            Optional<Duration> retryAfter,
            @Nullable String location,
            @Nullable Instant date,
            @Nullable Instant tokenExpiry) {}

    private enum State {
        NEW,
        REGISTERING,
        ACTIVATING,
        WAITING_TO_REGISTER,
        WAITING_TO_POLL,
        POLLING,
        ENDED
    }

    private final String what;
    private final boolean byTpm;
    private final Duration limit;
    private final Clock clock;
    private final Backoff backoff;
    private State state = State.NEW;
    private Instant deadline = Instant.MAX;
    private boolean challenged;
    private boolean tokenRenewed;
    private int redirects;
    private String host;
    private @Nullable String operationId;
    private @Nullable Step end;

    /**
     * @param host where DPS is; redirects may lead to another one of its domain
     * @param what names the registration in errors, for example {@code registration of [d1] in scope [0ne001]}
     * @param byTpm whether the first request goes out unsigned, to be challenged
     * @param limit how long all of it may take, above zero
     * @param random spreads the waits
     */
    public Registration(String host, String what, boolean byTpm, Duration limit, Clock clock, RandomGenerator random) {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("limit [" + limit + "] must be above zero");
        }
        this.host = host;
        this.what = what;
        this.byTpm = byTpm;
        this.limit = limit;
        this.clock = clock;
        this.backoff = new Backoff(random);
    }

    /** Starts it; the time limit runs from here. */
    public Step begin() {
        require(State.NEW);
        deadline = clock.instant().plus(limit);
        return register(null);
    }

    /** Whether nothing more is to be done. */
    public boolean isEnded() {
        return end != null;
    }

    /** An answer came. */
    public Step onResponse(Answer answer) {
        if (end != null) {
            return end;
        }
        require(State.REGISTERING, State.POLLING);
        if (answer.status() >= 200 && answer.status() < 300) {
            return onSuccess(answer);
        }
        if (answer.status() == 401) {
            return onUnauthorized(answer);
        }
        if (answer.status() == 307 || answer.status() == 308) {
            return onRedirect(answer);
        }
        return mayPass(answer)
                ? again(answer.retryAfter())
                : fail(DpsErrors.refusal(what, answer.status(), answer.body()));
    }

    /**
     * No answer came. The request may have been carried out; registering twice does no harm.
     *
     * @param cause its code says whether it may pass
     */
    public Step onLost(HubwireException cause) {
        if (end != null) {
            return end;
        }
        require(State.REGISTERING, State.POLLING);
        return cause.code().retryable() ? again(Optional.empty()) : fail(cause);
    }

    /** The wait of the last step is over. */
    public Step onTimer() {
        if (end != null) {
            return end;
        }
        require(State.WAITING_TO_REGISTER, State.WAITING_TO_POLL);
        return resend(null);
    }

    /** The TPM has taken the key of the challenge. */
    public Step onActivated() {
        if (end != null) {
            return end;
        }
        require(State.ACTIVATING);
        return register(null);
    }

    /** The time limit is over. */
    public Step onDeadline() {
        return end != null ? end : fail(tooLate("did not end within " + limit));
    }

    /** It cannot go on: the caller has lost interest, the client is closing, the TPM refuses. */
    public Step abort(HubwireException cause) {
        return end != null ? end : fail(cause);
    }

    private Step onSuccess(Answer answer) {
        if (byTpm && !challenged) {
            return fail(new RemoteProtocolException(what + " was taken without a challenge [" + answer.status()
                    + "]; a TPM must be challenged with 401"));
        }
        Optional<OperationStatus> read = OperationStatus.parse(answer.body());
        if (read.isEmpty()) {
            return again(answer.retryAfter()); // as good as no answer
        }
        if (read.get().operationId() != null) {
            operationId = read.get().operationId();
        }
        RegistrationState told = read.get().state();
        return switch (told.status()) {
            case ASSIGNING, UNASSIGNED -> pollAfter(backoff.poll(answer.retryAfter()));
            case ASSIGNED -> assigned(told);
            case FAILED -> fail(DpsErrors.failed(what, told));
            case DISABLED -> fail(ended(ErrorCode.DISABLED, what + ": the enrollment is disabled"));
            case UNKNOWN ->
                answer.status() == 202
                        ? pollAfter(backoff.poll(answer.retryAfter()))
                        : fail(new RemoteProtocolException(
                                what + " ended with the unknown status [" + told.statusText() + "]"));
        };
    }

    private Step assigned(RegistrationState registered) {
        String hub = registered.assignedHub();
        String device = registered.deviceId();
        if (hub == null || hub.isEmpty() || device == null || device.isEmpty()) {
            return fail(new RemoteProtocolException(what + " was assigned, but to no hub or under no device id"));
        }
        return end(new Step.Assigned(new Assignment(hub, device, registered)));
    }

    private Step onUnauthorized(Answer answer) {
        if (byTpm && !challenged && state == State.REGISTERING) {
            Optional<String> key = OperationStatus.challenge(answer.body());
            if (key.isPresent()) {
                challenged = true;
                state = State.ACTIVATING;
                return new Step.ActivateTpm(key.get());
            }
        }
        Instant ours = clock.instant();
        Instant theirs = answer.date() == null ? ours : answer.date();
        boolean expired = answer.tokenExpiry() != null && theirs.isAfter(answer.tokenExpiry());
        if (expired && !tokenRenewed) {
            tokenRenewed = true;
            return resend(theirs);
        }
        long difference = Duration.between(theirs, ours).toSeconds();
        String advice = Math.abs(difference) <= TOLERABLE_SECONDS
                ? ""
                : "; this machine's clock is " + Math.abs(difference) + " s " + (difference < 0 ? "behind" : "ahead of")
                        + " the service's";
        ErrorCode code = expired ? ErrorCode.TOKEN_EXPIRED : ErrorCode.UNAUTHORIZED;
        return fail(DpsErrors.refusal(code, what, answer.status(), answer.body(), advice));
    }

    private Step onRedirect(Answer answer) {
        Optional<String> target =
                redirects < MOST_REDIRECTS ? Redirects.follow(host, answer.location()) : Optional.empty();
        if (target.isEmpty()) {
            return fail(new RemoteProtocolException(what + " was redirected to [" + answer.location()
                    + "]; followed are " + MOST_REDIRECTS + " redirects by HTTPS within the domain of [" + host + "]"));
        }
        redirects++;
        host = target.get();
        return resend(null);
    }

    private boolean mayPass(Answer answer) {
        int status = answer.status();
        boolean conflict = status == 409 && state == State.REGISTERING; // two registrations of one id at once
        return conflict || ErrorCode.ofHttpStatus(status).retryable();
    }

    private Step again(Optional<Duration> retryAfter) {
        Duration delay = backoff.failure(retryAfter);
        return state == State.POLLING
                ? pollAfter(delay)
                : wait(State.WAITING_TO_REGISTER, new Step.RegisterAfter(delay), delay);
    }

    private Step pollAfter(Duration delay) {
        String operation = operationId;
        if (operation == null) {
            return fail(new RemoteProtocolException(what + " was taken, but DPS told no operationId to ask for"));
        }
        return wait(State.WAITING_TO_POLL, new Step.PollAfter(delay, operation), delay);
    }

    private Step wait(State next, Step step, Duration delay) {
        if (!clock.instant().plus(delay).isBefore(deadline)) {
            return fail(tooLate("would have to wait another " + delay.toMillis() + " ms, past its limit of " + limit));
        }
        state = next;
        return step;
    }

    private Step resend(@Nullable Instant signAnew) {
        return state == State.POLLING || state == State.WAITING_TO_POLL ? poll(signAnew) : register(signAnew);
    }

    private Step register(@Nullable Instant signAnew) {
        state = State.REGISTERING;
        return new Step.SendRegister(host, !byTpm || challenged, signAnew);
    }

    private Step poll(@Nullable Instant signAnew) {
        state = State.POLLING;
        return new Step.SendPoll(host, String.valueOf(operationId), signAnew);
    }

    private DpsException tooLate(String how) {
        return ended(ErrorCode.TIMED_OUT, what + " " + how + "; DPS may still assign the device");
    }

    private static DpsException ended(ErrorCode code, String message) {
        return new DpsException(code, message, null, null, null, null);
    }

    private Step fail(HubwireException cause) {
        return end(new Step.Failed(cause));
    }

    private Step end(Step step) {
        state = State.ENDED;
        end = step;
        return step;
    }

    private void require(State... expected) {
        for (State s : expected) {
            if (s == state) {
                return;
            }
        }
        throw new IllegalStateException("not expected in state " + state);
    }
}
