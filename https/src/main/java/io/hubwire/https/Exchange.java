package io.hubwire.https;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.time.Timer;
import io.hubwire.protocol.trace.WireTrace;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link HttpsClient#send} through all its attempts. The first of these ends it: an answer that is final, a
 * failure that is final, the deadline, the caller's cancel, the client's close.
 *
 * <p>Attempts follow each other, so their state needs no lock; {@code result} and {@code current} are what deadline and
 * cancel reach for from other threads.
 */
final class Exchange implements Callback {
    /** What all exchanges of a client share. */
    record Surroundings(HttpsOptions options, Clock clock, Timer timer, RandomGenerator random) {}

    private final HttpsRequest request;
    private final okhttp3.Request wireRequest;
    private final Call.Factory calls;
    private final Surroundings surroundings;
    private final Duration timeout;
    private final Instant deadline;
    private final CompletableFuture<HttpsResponse> result = new CompletableFuture<>();
    private volatile @Nullable Call current;
    private volatile Timer.@Nullable Scheduled nextAttempt;
    private int attempt;

    Exchange(HttpsRequest request, okhttp3.Request wireRequest, Call.Factory calls, Surroundings surroundings) {
        this.request = request;
        this.wireRequest = wireRequest;
        this.calls = calls;
        this.surroundings = surroundings;
        this.timeout = request.timeout().orElse(surroundings.options().timeout());
        this.deadline = surroundings.clock().instant().plus(timeout);
    }

    CompletableFuture<HttpsResponse> start() {
        Timer.Scheduled end = surroundings.timer().schedule(timeout, this::onDeadline);
        result.whenComplete((response, failure) -> {
            end.cancel();
            release();
        });
        sendOnce();
        return result;
    }

    private void fail(HubwireException failure) {
        result.completeExceptionally(failure);
    }

    private void sendOnce() {
        attempt++;
        Call call = calls.newCall(wireRequest);
        current = call;
        if (result.isDone()) {
            return;
        }
        trace(WireTrace.Direction.OUT, WireText.of(request));
        call.enqueue(this);
        if (result.isDone()) {
            call.cancel(); // ended between the two lines above, when there was nothing yet to cancel
        }
    }

    @Override
    public void onResponse(Call call, Response answer) {
        HttpsResponse response;
        try (answer) {
            response = read(answer);
        } catch (IOException broken) {
            onFailure(call, broken);
            return;
        } catch (RemoteProtocolException tooLong) {
            traceFailure(tooLong);
            fail(tooLong);
            return;
        }
        trace(WireTrace.Direction.IN, WireText.of(response));
        boolean again = RetryPolicy.mayPass(response.status())
                && tryAgain(response.retryAfter().orElse(Duration.ZERO));
        if (!again) {
            result.complete(response);
        }
    }

    @Override
    public void onFailure(Call call, IOException cause) {
        if (result.isDone()) {
            return; // our own cancel comes back as a failure
        }
        HubwireException failure = IoFailure.of(request.toString(), where(), cause);
        traceFailure(failure);
        boolean again = RetryPolicy.mayPass(failure) && tryAgain(Duration.ZERO);
        if (!again) {
            fail(failure);
        }
    }

    /**
     * Plans the next attempt, unless the request must not be repeated, attempts are used up, or the pause would end after
     * the deadline: then what we have is the better answer.
     */
    private boolean tryAgain(Duration atLeast) {
        RetryPolicy policy = surroundings.options().retry();
        if (!request.isRepeatable() || attempt >= policy.attempts() || result.isDone()) {
            return false;
        }
        Duration jittered = policy.pauseAfter(attempt, surroundings.random().nextDouble());
        // on top of what the peer asked for, so that clients it told the same do not return together
        Duration pause = atLeast.plus(jittered);
        if (!surroundings.clock().instant().plus(pause).isBefore(deadline)) {
            return false;
        }
        nextAttempt = surroundings.timer().schedule(pause, this::sendOnce);
        return true;
    }

    private void onDeadline() {
        fail(new TransportException(
                ErrorCode.TIMED_OUT,
                request + " at " + where() + " had no answer within [" + timeout + "], attempt " + attempt
                        + "; it may have been carried out"));
    }

    private void release() {
        Timer.Scheduled waiting = nextAttempt;
        if (waiting != null) {
            waiting.cancel();
        }
        Call call = current;
        if (call != null) {
            call.cancel();
        }
    }

    private HttpsResponse read(Response answer) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < answer.headers().size(); i++) {
            headers.put(answer.headers().name(i), answer.headers().value(i));
        }
        int limit = surroundings.options().maxResponseBytes();
        BufferedSource source = answer.body().source();
        if (source.request(limit + 1L)) {
            throw new RemoteProtocolException(
                    request + " at " + where() + " was answered with more than [" + limit + "] bytes, the limit set");
        }
        return new HttpsResponse(answer.code(), headers, source.readByteArray());
    }

    private void traceFailure(HubwireException failure) {
        trace(WireTrace.Direction.IN, failure.code() + ": " + failure.getMessage());
    }

    private void trace(WireTrace.Direction direction, String summary) {
        WireTrace sink = surroundings.options().trace();
        if (sink != WireTrace.NONE) {
            sink.seen(new WireTrace.Event(direction, "HTTPS", request.method() + " " + request.path(), summary));
        }
    }

    private String where() {
        return surroundings.options().hostName() + ":" + surroundings.options().port();
    }
}
