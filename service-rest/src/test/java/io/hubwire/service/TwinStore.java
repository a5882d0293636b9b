package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.json.MergePatch;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;

/** One twin behind a scripted server: changes it when the tag is right, else answers 412. */
final class TwinStore extends Dispatcher {
    final AtomicInteger conflicts = new AtomicInteger();
    private ObjectNode desired = Json.object();
    private int version = 1;

    @Override
    public synchronized MockResponse dispatch(RecordedRequest request) {
        if (request.getMethod().equals("PATCH")) {
            if (!request.getHeader("If-Match").equals("\"v" + version + "\"")) {
                conflicts.incrementAndGet();
                return new MockResponse()
                        .setResponseCode(412)
                        .setBody("{\"Message\":\"ErrorCode:PreconditionFailed;version\"}");
            }
            ObjectNode body = Json.parseObject("patch", request.getBody().readUtf8());
            desired = MergePatch.apply(
                    desired, (ObjectNode) body.path("properties").path("desired"));
            version++;
        }
        ObjectNode twin = Json.object().put("deviceId", "d1").put("etag", "v" + version);
        twin.putObject("properties").set("desired", desired);
        return new MockResponse().setBody(Json.write(twin));
    }
}
