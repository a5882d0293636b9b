package io.hubwire.localhub.engine;

import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Limits;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Direct methods. A call waits for the device (up to its connect time-out), then for the answer (up to its response
 * time-out); whatever comes first ends it. Request ids count up per session, in lower-case hexadecimal, as the service's
 * do. Its locks are leaves: sessions are called and futures completed without them.
 */
final class HubMethods implements DirectMethods, HubSessions.Observer {
    /** Source: service-rest 6. The service names no number; this one bounds memory and shows the error. */
    private static final int MAX_IN_FLIGHT = 1_000;

    private static final Duration MIN_RESPONSE = Duration.ofSeconds(5);
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

    private final Identities identities;
    private final HubSessions sessions;
    private final Timer timer;
    private final ConcurrentHashMap<DeviceSession, Conversation> conversations = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Identity, Queue<Pending>> waiting = new ConcurrentHashMap<>();
    private final Set<Pending> underWay = ConcurrentHashMap.newKeySet();

    HubMethods(Identities identities, HubSessions sessions, Timer timer) {
        this.identities = identities;
        this.sessions = sessions;
        this.timer = timer;
    }

    /** A call under way. */
    private static final class Pending {
        private final Identity identity;
        private final Call call;
        private final CompletableFuture<Result> result = new CompletableFuture<>();
        private Timer.@Nullable Scheduled timeout;

        Pending(Identity identity, Call call) {
            this.identity = identity;
            this.call = call;
        }

        /** Replaces the time-out that runs. */
        synchronized void timeout(Timer.@Nullable Scheduled next) {
            if (timeout != null) {
                timeout.cancel();
            }
            timeout = next;
            if (next != null && result.isDone()) {
                next.cancel();
            }
        }

        void fail(HubError error, String detail) {
            result.completeExceptionally(new HubException(error, detail));
            timeout(null);
        }

        void succeed(Result answer) {
            result.complete(answer);
            timeout(null);
        }
    }

    /** The calls one session has not answered yet. */
    private static final class Conversation {
        private final Map<String, Pending> unanswered = new HashMap<>();
        private long lastRequestId;

        synchronized @Nullable String begin(Pending pending) {
            if (unanswered.size() >= MAX_IN_FLIGHT) {
                return null;
            }
            String requestId = Long.toHexString(++lastRequestId);
            unanswered.put(requestId, pending);
            return requestId;
        }

        synchronized @Nullable Pending end(String requestId) {
            return unanswered.remove(requestId);
        }
    }

    @Override
    public CompletableFuture<Result> invoke(Identity identity, Call call) {
        Pending pending = new Pending(identity, call);
        try {
            check(call);
            identities.require(identity);
        } catch (HubException e) {
            return CompletableFuture.failedFuture(e);
        }
        underWay.add(pending);
        pending.result.whenComplete((result, failure) -> underWay.remove(pending));
        DeviceSession session = sessions.current(identity).orElse(null);
        if (session != null && session.acceptsMethods()) {
            send(session, pending);
        } else if (call.connectTimeout().isZero()) {
            notOnline(pending);
        } else {
            await(pending);
        }
        return pending.result;
    }

    @Override
    public void answer(DeviceSession session, String requestId, int status, byte[] payload) {
        Conversation conversation = conversations.get(session);
        Pending pending = conversation == null ? null : conversation.end(requestId);
        if (pending == null) {
            return; // late, or never asked
        }
        if (payload.length > Limits.METHOD_PAYLOAD_BYTES) {
            pending.fail(HubError.GENERIC_BAD_GATEWAY, "The device's answer has " + payload.length + " bytes");
        } else if (!isJsonOrNothing(payload)) {
            pending.fail(HubError.GENERIC_BAD_GATEWAY, "The device's answer is not JSON");
        } else {
            pending.succeed(new Result(status, payload));
        }
    }

    @Override
    public void ready(DeviceSession session) {
        Queue<Pending> queue = session.acceptsMethods() ? waiting.remove(session.identity()) : null;
        if (queue != null) {
            queue.forEach(pending -> send(session, pending));
        }
    }

    /** What it was asked stays unanswered until its time-out: a new session has request ids of its own. */
    @Override
    public void gone(DeviceSession session) {
        conversations.remove(session);
    }

    /** Ends every call. */
    void stop() {
        List.copyOf(underWay).forEach(pending -> pending.fail(HubError.SERVICE_UNAVAILABLE, "The hub is stopping"));
    }

    private void send(DeviceSession session, Pending pending) {
        Conversation conversation = conversations.computeIfAbsent(session, s -> new Conversation());
        String requestId = conversation.begin(pending);
        if (requestId == null) {
            tooMany(pending);
            return;
        }
        pending.timeout(timer.schedule(pending.call.responseTimeout(), () -> {
            conversation.end(requestId);
            pending.fail(HubError.GATEWAY_TIMEOUT, "Timed out waiting for the response from device.");
        }));
        session.invokeMethod(requestId, pending.call.name(), pending.call.payload());
    }

    private void await(Pending pending) {
        boolean[] refused = new boolean[1];
        waiting.compute(pending.identity, (id, queue) -> {
            // set before anyone can find the call, so that it cannot replace the time-out of an answer
            pending.timeout(timer.schedule(pending.call.connectTimeout(), () -> {
                if (stopWaiting(pending)) {
                    notOnline(pending);
                }
            }));
            Queue<Pending> calls = queue == null ? new ArrayDeque<>() : queue;
            if (calls.size() < MAX_IN_FLIGHT) {
                calls.add(pending);
            } else {
                refused[0] = true;
            }
            return calls;
        });
        if (refused[0]) {
            tooMany(pending);
            return;
        }
        // it may have come between the look and the wait
        sessions.current(pending.identity).ifPresent(this::ready);
    }

    private boolean stopWaiting(Pending pending) {
        boolean[] was = new boolean[1];
        waiting.computeIfPresent(pending.identity, (id, queue) -> {
            was[0] = queue.remove(pending);
            return queue.isEmpty() ? null : queue;
        });
        return was[0];
    }

    private static void tooMany(Pending pending) {
        pending.fail(
                HubError.DEVICE_MAXIMUM_INFLIGHT_METHOD_EXCEEDED,
                "Device '" + pending.identity + "' has " + MAX_IN_FLIGHT + " calls to answer");
    }

    private static void notOnline(Pending pending) {
        pending.fail(
                HubError.DEVICE_NOT_ONLINE,
                "The operation failed because the requested device isn't online or hasn't registered the direct method"
                        + " callback.");
    }

    private static void check(Call call) {
        within("responseTimeoutInSeconds", call.responseTimeout(), MIN_RESPONSE);
        within("connectTimeoutInSeconds", call.connectTimeout(), Duration.ZERO);
        if (call.payload().length > Limits.METHOD_PAYLOAD_BYTES) {
            throw new HubException(
                    HubError.MESSAGE_TOO_LARGE,
                    "payload of " + call.payload().length + " bytes; the limit is " + Limits.METHOD_PAYLOAD_BYTES);
        }
    }

    private static void within(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(MAX_WAIT) > 0) {
            throw new HubException(
                    HubError.ARGUMENT_INVALID,
                    name + " [" + value.toSeconds() + "] must be " + least.toSeconds() + " to " + MAX_WAIT.toSeconds());
        }
    }

    private static boolean isJsonOrNothing(byte[] payload) {
        if (payload.length == 0) {
            return true;
        }
        try {
            Json.parse("answer", payload);
            return true;
        } catch (RemoteProtocolException e) {
            return false;
        }
    }
}
