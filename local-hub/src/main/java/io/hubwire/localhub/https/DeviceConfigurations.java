package io.hubwire.localhub.https;

import static io.hubwire.localhub.engine.AccessControl.Right.REGISTRY_READ;
import static io.hubwire.localhub.engine.AccessControl.Right.REGISTRY_WRITE;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.configurations.Configurations;
import io.hubwire.protocol.json.Json;
import java.util.List;

/** Automatic device configurations and Edge deployments. Source: service-rest 10. */
final class DeviceConfigurations implements Resource {
    private static final String ALL = "/configurations";
    private static final String ONE = ALL + "/{id}";
    /** As many as a hub has. */
    private static final int LARGEST = 100;

    private final Configurations configurations;
    private final ServiceApi api;

    DeviceConfigurations(Configurations configurations, ServiceApi api) {
        this.configurations = configurations;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                api.route("GET", ALL, REGISTRY_READ, this::list),
                api.route("GET", ONE, REGISTRY_READ, call -> entity(200, configurations.get(id(call)))),
                api.route("PUT", ONE, REGISTRY_WRITE, this::put),
                api.route("DELETE", ONE, REGISTRY_WRITE, this::delete),
                api.route("POST", ALL + "/testQueries", REGISTRY_READ, this::testQueries),
                api.route("POST", "/devices/{deviceId}/applyConfigurationContent", REGISTRY_WRITE, this::apply));
    }

    private HttpAnswer list(HttpCall call) {
        String text = call.target().parameter("top").orElse("");
        int top = text.matches("\\d{1,9}") ? Integer.parseInt(text) : LARGEST;
        List<ObjectNode> found = configurations.list(top == 0 ? LARGEST : top);
        return HttpAnswer.json(200, Json.array().addAll(found));
    }

    /** Without {@code If-Match} it creates, with it it updates. */
    private HttpAnswer put(HttpCall call) {
        ObjectNode body = call.jsonObject();
        return call.ifMatch() instanceof ETagMatch.Absent
                ? entity(201, configurations.create(id(call), body))
                : entity(200, configurations.update(id(call), body, call.ifMatch()));
    }

    private HttpAnswer delete(HttpCall call) {
        configurations.delete(id(call), call.ifMatch());
        return HttpAnswer.empty(204);
    }

    private HttpAnswer testQueries(HttpCall call) {
        return HttpAnswer.json(200, configurations.testQueries(call.jsonObject()));
    }

    private HttpAnswer apply(HttpCall call) {
        configurations.applyContent(call.identity(), call.jsonObject());
        return HttpAnswer.empty(204);
    }

    private static String id(HttpCall call) {
        return call.parameter("id");
    }

    private static HttpAnswer entity(int status, ObjectNode configuration) {
        return HttpAnswer.json(status, configuration)
                .withETag(configuration.path("etag").asText());
    }
}
