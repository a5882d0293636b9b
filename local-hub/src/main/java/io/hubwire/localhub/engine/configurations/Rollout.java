package io.hubwire.localhub.engine.configurations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.search.TwinRows;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Brings contents to twins. Stateless; each call changes what is not yet as it should be. */
final class Rollout {
    private static final String DESIRED = "properties.desired";
    private static final String AGENT = "$edgeAgent";

    private final Hub hub;

    Rollout(Hub hub) {
        this.hub = hub;
    }

    /**
     * Makes one twin as the contents want it.
     *
     * @param contents later ones win
     * @return the desired properties it has then
     * @throws HubException 404001, 404010, 400004
     */
    ObjectNode apply(List<? extends JsonNode> contents, ObjectNode twin) {
        ObjectNode desired = (ObjectNode) twin.path("properties").path("desired");
        return Content.change(contents, desired)
                .map(patch -> {
                    ObjectNode body = Json.object();
                    body.putObject("properties").set("desired", patch);
                    ObjectNode after = hub.twins().patch(TwinRows.identity(twin), body, new ETagMatch.Any());
                    return (ObjectNode) after.path("properties").path("desired");
                })
                .orElse(desired);
    }

    /**
     * Makes the modules of an Edge device as deployments want them; those that are missing are made.
     *
     * @param deployments {@code modulesContent} of each; later ones win
     * @throws HubException 404001, 400004
     */
    void deploy(String deviceId, List<? extends JsonNode> deployments) {
        Map<String, List<JsonNode>> byModule = new LinkedHashMap<>();
        for (JsonNode deployment : deployments) {
            for (Map.Entry<String, JsonNode> module : deployment.properties()) {
                byModule.computeIfAbsent(module.getKey(), name -> new ArrayList<>())
                        .add(module.getValue());
            }
            namedToTheAgent(deployment.path(AGENT))
                    .forEach(name -> byModule.computeIfAbsent(name, n -> new ArrayList<>()));
        }
        byModule.forEach((module, contents) -> apply(contents, twin(Identity.module(deviceId, module))));
    }

    /** Modules that the agent shall run. */
    private static List<String> namedToTheAgent(JsonNode agent) {
        List<String> names = new ArrayList<>();
        agent.path(DESIRED).path("modules").fieldNames().forEachRemaining(names::add);
        String layer = DESIRED + ".modules.";
        agent.fieldNames().forEachRemaining(path -> {
            if (path.startsWith(layer)) {
                names.add(path.substring(layer.length()).split("\\.", -1)[0]);
            }
        });
        return names;
    }

    private ObjectNode twin(Identity module) {
        try {
            return hub.twins().get(module);
        } catch (HubException e) {
            if (e.error() != HubError.MODULE_NOT_FOUND) {
                throw e;
            }
            hub.registry().create(module, Json.object().put("managedBy", "iotEdge"));
            return hub.twins().get(module);
        }
    }
}
