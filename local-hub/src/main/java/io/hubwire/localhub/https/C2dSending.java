package io.hubwire.localhub.https;

import static io.hubwire.localhub.engine.AccessControl.Right.SERVICE_CONNECT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.C2dQueues;
import io.hubwire.protocol.http.HttpMessageForm;
import io.hubwire.protocol.json.Json;
import java.util.List;

/**
 * Cloud-to-device messages from the back end, and the purge of a queue. Sending over HTTPS is documented nowhere, yet
 * Microsoft's desktop tool does it. Sources: service-rest 13.1 to 13.3; open-questions 43.
 */
final class C2dSending implements Resource {
    private final C2dQueues queues;
    private final ServiceApi api;

    C2dSending(C2dQueues queues, ServiceApi api) {
        this.queues = queues;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                api.route("POST", "/devices/{deviceId}/messages/deviceBound", SERVICE_CONNECT, this::send),
                api.route("DELETE", "/devices/{deviceId}/commands", SERVICE_CONNECT, this::purge));
    }

    private HttpAnswer send(HttpCall call) {
        queues.enqueue(call.identity(), HttpMessageForm.C2D_SEND.message(call.headers(), call.body()));
        return HttpAnswer.empty(204);
    }

    private HttpAnswer purge(HttpCall call) {
        ObjectNode body = Json.object();
        body.put("totalMessagesPurged", queues.purge(call.identity()));
        body.put("deviceId", call.identity().deviceId());
        body.putNull("moduleId");
        return HttpAnswer.json(200, body);
    }
}
