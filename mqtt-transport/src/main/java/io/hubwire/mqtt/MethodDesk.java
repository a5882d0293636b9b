package io.hubwire.mqtt;

import io.hubwire.mqtt.link.MqttLink;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.mqtt.MethodTopic;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes method calls, each request id at most once in a connection, has them carried out and sends the answers, unless the
 * connection they came on is gone: the service no longer waits then. Handlers may be set from any thread; the rest runs
 * in the client's {@link Serial}.
 */
final class MethodDesk {
    private static final Logger log = LoggerFactory.getLogger(MethodDesk.class);
    private static final int BAD_REQUEST = 400;
    private static final int FAILED = 500;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int TOO_BUSY = 503;
    /** Request ids remembered in a connection; the hub counts them up. */
    private static final int REMEMBERED = 1024;
    /** Calls that may wait for the application at once. */
    private static final int MOST_OPEN = 200;

    private final Executor callbacks;
    private final Serial serial;
    private final Supplier<@Nullable MqttLink> link;
    private final ClientMetrics metrics;
    private final Map<String, AsyncMethodHandler> handlers = new ConcurrentHashMap<>();
    private volatile @Nullable AsyncMethodHandler defaultHandler;
    private final Set<String> seen = new LinkedHashSet<>();
    private int open;

    MethodDesk(Executor callbacks, Serial serial, Supplier<@Nullable MqttLink> link, ClientMetrics metrics) {
        this.metrics = metrics;
        this.callbacks = callbacks;
        this.serial = serial;
        this.link = link;
    }

    /** @param name null for calls of any other name */
    void handle(@Nullable String name, AsyncMethodHandler handler) {
        if (name == null) {
            defaultHandler = handler;
        } else {
            handlers.put(name, handler);
        }
    }

    /** A call has come on this link. */
    void called(String name, String requestId, byte[] body, MqttLink on) {
        if (!remember(requestId)) {
            log.debug("method [{}] came twice under request id [{}]; carried out once", name, requestId);
            return;
        }
        if (open >= MOST_OPEN) {
            reply(MethodResponse.message(TOO_BUSY, open + " calls are waiting already"), requestId, on);
            return;
        }
        MethodRequest request;
        try {
            request = MethodRequest.of(name, body);
        } catch (RemoteProtocolException notJson) {
            reply(MethodResponse.message(BAD_REQUEST, String.valueOf(notJson.getMessage())), requestId, on);
            return;
        }
        AsyncMethodHandler named = handlers.get(name);
        AsyncMethodHandler handler = named != null ? named : defaultHandler;
        if (handler == null) {
            reply(MethodResponse.message(NOT_IMPLEMENTED, "method [" + name + "] is not implemented"), requestId, on);
            return;
        }
        open++;
        callbacks.execute(() -> carryOut(handler, request, requestId, on));
    }

    private void carryOut(AsyncMethodHandler handler, MethodRequest request, String requestId, MqttLink on) {
        CompletionStage<MethodResponse> answer;
        try {
            answer = handler.handle(request);
        } catch (Exception failed) {
            done(failure(request, failed), requestId, on);
            return;
        }
        answer.whenComplete(
                (response, failed) -> done(failed == null ? response : failure(request, failed), requestId, on));
    }

    private static MethodResponse failure(MethodRequest request, Throwable failed) {
        log.warn("handler of method [{}] failed", request.name(), failed);
        String text = failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
        return MethodResponse.message(FAILED, "method [" + request.name() + "] failed: " + text);
    }

    private void done(@Nullable MethodResponse response, String requestId, MqttLink on) {
        MethodResponse given = response != null ? response : MethodResponse.message(FAILED, "handler gave no answer");
        serial.execute(() -> {
            open--;
            reply(given, requestId, on);
        });
    }

    private void reply(MethodResponse response, String requestId, MqttLink on) {
        if (link.get() != on) {
            log.debug("answer to request id [{}] dropped: its connection is gone", requestId);
            return;
        }
        byte[] body = response.payload().getBytes(StandardCharsets.UTF_8);
        metrics.methodAnswered(response.status());
        on.publish(new ControlPublication(MethodTopic.formatResponse(response.status(), requestId), body));
    }

    /** Ids start anew with each connection. */
    void linkLost() {
        seen.clear();
    }

    private boolean remember(String requestId) {
        if (!seen.add(requestId)) {
            return false;
        }
        if (seen.size() > REMEMBERED) {
            Iterator<String> oldest = seen.iterator();
            oldest.next();
            oldest.remove();
        }
        return true;
    }
}
