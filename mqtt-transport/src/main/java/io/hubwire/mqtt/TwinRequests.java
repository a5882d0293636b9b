package io.hubwire.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.mqtt.link.LinkSettings;
import io.hubwire.mqtt.link.MqttLink;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.json.TwinRules;
import io.hubwire.protocol.mqtt.HubToDevice;
import io.hubwire.protocol.mqtt.TwinTopic;
import io.hubwire.protocol.time.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Twin requests and their answers, matched by {@code $rid}. A request waits for the connection and for the subscription
 * that its answer needs; one that was on its way when the link broke fails; one that the hub throttles is repeated with
 * growing delays. Every request ends within the request time-out. Runs in the client's {@link Serial}, and so do the
 * dependents of the stages it returns.
 */
final class TwinRequests {
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Duration FIRST_THROTTLE_DELAY = Duration.ofSeconds(1);
    private static final byte[] NO_BODY = new byte[0];

    private final Timer timer;
    private final Serial serial;
    private final Duration timeout;
    private final Function<String, CompletableFuture<Void>> subscribe;
    private final Supplier<@Nullable MqttLink> link;
    private final Map<String, Request<?>> sent = new LinkedHashMap<>();
    private long lastRequestId;

    /**
     * @param subscribe completes when the hub serves a filter
     * @param link the link that may be sent on now, or null
     */
    TwinRequests(
            Timer timer,
            Serial serial,
            Duration timeout,
            Function<String, CompletableFuture<Void>> subscribe,
            Supplier<@Nullable MqttLink> link) {
        this.timer = timer;
        this.serial = serial;
        this.timeout = timeout;
        this.subscribe = subscribe;
        this.link = link;
    }

    /** The whole twin. */
    CompletableFuture<Twin> get() {
        return start(new Request<>("twin get", TwinTopic::formatGet, NO_BODY) {
            @Override
            Twin read(HubToDevice.TwinResponse answer, byte[] body) {
                return Twin.parse(body);
            }
        });
    }

    /** Merges into the reported properties; the new version, or 0 when the hub does not tell it, as Edge hubs. */
    CompletableFuture<Long> report(String patch, @Nullable Long baseVersion) {
        byte[] body;
        try {
            body = checked(patch);
        } catch (HubwireException unfit) {
            return CompletableFuture.failedFuture(unfit);
        }
        return start(new Request<>("twin report", rid -> TwinTopic.formatReport(rid, baseVersion), body) {
            @Override
            Long read(HubToDevice.TwinResponse answer, byte[] ignored) {
                Long version = answer.version();
                return version == null ? 0L : version;
            }
        });
    }

    private static byte[] checked(String patch) {
        JsonNode json;
        try {
            json = Json.parse("reported properties", patch);
        } catch (RemoteProtocolException notJson) {
            throw new InvalidInputException(String.valueOf(notJson.getMessage()), notJson);
        }
        TwinRules.checkPatch(TwinRules.Section.REPORTED, json).ifPresent(violation -> {
            throw new InvalidInputException("reported properties cannot be sent: " + violation);
        });
        return patch.getBytes(StandardCharsets.UTF_8);
    }

    private <T> CompletableFuture<T> start(Request<T> request) {
        request.deadline = timer.schedule(
                timeout,
                () -> serial.execute(() -> {
                    sent.remove(request.id);
                    request.fail(new TransportException(
                            ErrorCode.TIMED_OUT,
                            "no answer to [" + request.what + "] within " + timeout.toMillis() + " ms"));
                }));
        sendWhenPossible(request);
        return request.outcome.whenComplete((value, failure) -> request.cancelDeadline());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what it ends with is told to the request
    private void sendWhenPossible(Request<?> request) {
        subscribe.apply(TwinTopic.RESPONSE_FILTER).whenComplete((granted, refused) -> {
            if (refused != null) {
                request.fail(refused);
            } else {
                serial.execute(() -> send(request)); // after the steps that belong to the grant
            }
        });
    }

    private void send(Request<?> request) {
        MqttLink to = link.get();
        if (request.outcome.isDone()) {
            return;
        }
        if (to == null) {
            timer.schedule(FIRST_THROTTLE_DELAY, () -> serial.execute(() -> sendWhenPossible(request)));
            return;
        }
        if (sent.size() >= LinkSettings.CONTROL_WINDOW / 2) {
            request.fail(new TransportException(
                    ErrorCode.THROTTLED, "[" + request.what + "] not sent: " + sent.size() + " requests are open"));
            return;
        }
        request.id = Long.toString(++lastRequestId);
        sent.put(request.id, request);
        to.publish(new ControlPublication(request.topic.apply(request.id), request.body));
    }

    /** An answer has come. One that nobody waits for (late, doubled, made up) is ignored. */
    void answered(HubToDevice.TwinResponse answer, byte[] body) {
        Request<?> request = sent.remove(answer.requestId());
        if (request == null) {
            return;
        }
        if (answer.status() == TOO_MANY_REQUESTS) {
            Duration delay = FIRST_THROTTLE_DELAY.multipliedBy(1L << Math.min(request.throttled++, 10));
            request.lastRefusal = TwinException.of(request.what, answer.status(), body);
            timer.schedule(delay, () -> serial.execute(() -> sendWhenPossible(request)));
        } else if (answer.status() == OK || answer.status() == NO_CONTENT) {
            request.complete(answer, body);
        } else {
            request.fail(TwinException.of(request.what, answer.status(), body));
        }
    }

    /** Answers to what was sent can no longer come. */
    void linkLost(HubwireException cause) {
        failAll(new TransportException(
                ErrorCode.CONNECTION_LOST,
                "connection lost before the answer; the request may have been carried out",
                cause));
    }

    private void failAll(HubwireException failure) {
        List<Request<?>> open = List.copyOf(sent.values());
        sent.clear();
        open.forEach(request -> request.fail(failure));
    }

    private abstract static class Request<T> {
        final String what;
        final Function<String, String> topic;
        final byte[] body;
        final CompletableFuture<T> outcome = new CompletableFuture<>();
        String id = "";
        int throttled;

        @Nullable
        TwinException lastRefusal;

        Timer.@Nullable Scheduled deadline;

        Request(String what, Function<String, String> topic, byte[] body) {
            this.what = what;
            this.topic = topic;
            this.body = body;
        }

        abstract T read(HubToDevice.TwinResponse answer, byte[] content);

        void complete(HubToDevice.TwinResponse answer, byte[] content) {
            try {
                outcome.complete(read(answer, content));
            } catch (HubwireException unreadable) {
                outcome.completeExceptionally(unreadable);
            }
        }

        /** A request that was throttled until its time was up says so. */
        void fail(Throwable failure) {
            outcome.completeExceptionally(lastRefusal != null ? lastRefusal : failure);
        }

        void cancelDeadline() {
            if (deadline != null) {
                deadline.cancel();
            }
        }
    }
}
