package io.hubwire.localhub.https;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.throttling.Admission;
import io.hubwire.localhub.throttling.Throttle;
import io.hubwire.localhub.throttling.Throttles;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.Timer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Holds operations to the rates of the hub's tier: a shaped one is carried out at once and answered late, one too many is
 * refused with the seconds to wait. What counts as what: "Understand IoT Hub quotas and throttling".
 */
final class Metering {
    private final Throttles throttles;
    private final Timer timer;

    Metering(Throttles throttles, Timer timer) {
        this.throttles = throttles;
        this.timer = timer;
    }

    /**
     * The operation, metered.
     *
     * @param path the route's template
     */
    Operation of(String method, String path, Operation operation) {
        Optional<Throttle> throttle = throttles.on() ? throttle(method, path) : Optional.empty();
        return throttle.<Operation>map(t -> call -> answer(admit(t, call), operation, call))
                .orElse(operation);
    }

    private CompletionStage<HttpAnswer> answer(Admission admission, Operation operation, HttpCall call) {
        if (admission instanceof Admission.Refused refusal) {
            throw new HubException(refusal.error(), refusal.detail(), refusal.retryAfter());
        }
        CompletionStage<HttpAnswer> answer = operation.answer(call);
        return admission instanceof Admission.After shaped
                ? answer.thenCompose(done -> {
                    CompletableFuture<HttpAnswer> late = new CompletableFuture<>();
                    timer.schedule(shaped.delay(), () -> late.complete(done));
                    return late;
                })
                : answer;
    }

    private Admission admit(Throttle throttle, HttpCall call) {
        return switch (throttle) {
            case D2C_SENDS, C2D_SENDS -> throttles.admitMessage(throttle, call.bodyLength());
            case METHODS -> throttles.admit(throttle, call.bodyLength() / Throttle.METHOD_METER_BYTES + 1);
            case IDENTITY_REGISTRY -> throttles.admit(throttle, identities(call));
            default -> throttles.admit(throttle);
        };
    }

    /** A bulk call counts each of its identities. */
    private static int identities(HttpCall call) {
        try {
            return call.bodyLength() > 0 && Json.parse("the body", call.body()) instanceof ArrayNode many
                    ? Math.max(1, many.size())
                    : 1;
        } catch (RemoteProtocolException notJson) {
            return 1; // the operation will say so
        }
    }

    /** By what a route is limited, if at all. */
    static Optional<Throttle> throttle(String method, String path) {
        if (path.endsWith("/methods") || path.contains("/commands/")) {
            return Optional.of(Throttle.METHODS);
        }
        if (path.startsWith("/twins/") || path.startsWith("/digitaltwins/")) {
            return Optional.of(method.equals("GET") ? Throttle.TWIN_READS : Throttle.TWIN_UPDATES);
        }
        if (path.startsWith("/jobs")) {
            return Optional.of(Throttle.JOBS);
        }
        if (path.startsWith("/configurations") || path.endsWith("/applyConfigurationContent")) {
            return Optional.of(Throttle.CONFIGURATIONS);
        }
        return path.startsWith("/devices") ? ofDevices(method, path) : Optional.empty();
    }

    private static Optional<Throttle> ofDevices(String method, String path) {
        if (path.equals("/devices/query")) {
            return Optional.of(Throttle.QUERIES);
        }
        if (path.endsWith("/messages/events")) {
            return Optional.of(Throttle.D2C_SENDS);
        }
        if (path.endsWith("/messages/deviceBound")) {
            return Optional.of(method.equals("POST") ? Throttle.C2D_SENDS : Throttle.C2D_RECEIVES);
        }
        if (path.endsWith("/files")) {
            return Optional.of(Throttle.FILE_UPLOADS);
        }
        boolean ofOneMessageOrFile =
                path.contains("/messages/") || path.contains("/files/") || path.endsWith("/commands");
        return ofOneMessageOrFile ? Optional.empty() : Optional.of(Throttle.IDENTITY_REGISTRY);
    }
}
