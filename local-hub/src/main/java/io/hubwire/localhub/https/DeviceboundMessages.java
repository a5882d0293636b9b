package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.AccessControl.DeviceAccess;
import io.hubwire.localhub.engine.C2dQueues;
import io.hubwire.localhub.engine.C2dQueues.Delivery;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.http.HttpMessageForm;
import io.hubwire.protocol.http.HttpTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** Cloud-to-device messages as a device fetches them, with lock tokens. Source: device-http 3. */
final class DeviceboundMessages implements Resource {
    private static final String QUEUE = "/messages/deviceBound";
    private static final String LOCKED = QUEUE + "/{lockToken}";
    private static final List<String> WHOSE = List.of("/devices/{deviceId}", "/devices/{deviceId}/modules/{moduleId}");

    private final C2dQueues queues;
    private final DeviceApi api;

    DeviceboundMessages(C2dQueues queues, DeviceApi api) {
        this.queues = queues;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return WHOSE.stream()
                .flatMap(whose -> List.of(
                        route("GET", whose + QUEUE, this::receive),
                        route("DELETE", whose + LOCKED, this::settle),
                        route("POST", whose + LOCKED + "/abandon", this::abandon))
                        .stream())
                .toList();
    }

    private Route route(String method, String path, BiFunction<HttpCall, DeviceAccess, HttpAnswer> operation) {
        return api.route(
                method, path, (call, device) -> CompletableFuture.completedFuture(operation.apply(call, device)));
    }

    /** Never waits: an empty queue is a 204. The lock lasts as long as the engine says, whatever the device asks for. */
    private HttpAnswer receive(HttpCall call, DeviceAccess device) {
        return queues.next(device.identity(), this, Instant.MIN)
                .map(DeviceboundMessages::message)
                .orElseGet(() -> HttpAnswer.empty(204));
    }

    /** {@code reject} counts by its presence; the Java SDK writes a second question mark before it. */
    private HttpAnswer settle(HttpCall call, DeviceAccess device) {
        String token = call.parameter("lockToken");
        Map<String, String> query = call.target().query();
        if (query.containsKey("reject") || query.containsKey("?reject")) {
            queues.reject(device.identity(), token);
        } else {
            queues.complete(device.identity(), token);
        }
        return HttpAnswer.empty(204);
    }

    private HttpAnswer abandon(HttpCall call, DeviceAccess device) {
        queues.abandon(device.identity(), call.parameter("lockToken"));
        return HttpAnswer.empty(204);
    }

    private static HttpAnswer message(Delivery delivery) {
        Message message = delivery.message();
        Map<String, String> headers = new LinkedHashMap<>(HttpMessageForm.DEVICEBOUND.headers(message));
        headers.put("iothub-sequencenumber", Long.toString(delivery.sequenceNumber()));
        headers.put("iothub-enqueuedtime", HttpTime.format(delivery.enqueuedTime()));
        headers.put("iothub-deliverycount", Integer.toString(delivery.deliveryCount()));
        headers.put(
                SystemProperty.EXPIRY.httpHeader(),
                message.expiry()
                        .map(text -> HttpTime.parse(text).map(HttpTime::format).orElse(text))
                        .orElse(""));
        return HttpAnswer.bytes(200, "application/octet-stream", message.body())
                .with(headers)
                .withETag(delivery.lockToken());
    }
}
