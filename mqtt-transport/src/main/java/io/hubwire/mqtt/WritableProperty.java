package io.hubwire.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A writable property of Plug and Play that the back end has set, and the answer to it. Source: "IoT Plug and Play
 * conventions", sections on writable properties and components.
 *
 * @param component null for the default component
 * @param name of the property
 * @param json the wanted value; {@code null} as text when the back end has removed it
 * @param version of the desired properties that it came with; goes back as {@code av}
 */
public record WritableProperty(@Nullable String component, String name, String json, long version) {
    /** Marks an object as a component instead of a property whose value is an object. */
    private static final String COMPONENT_MARK = "__t";

    private static final String COMPONENT = "c";

    /** The properties that an update sets or removes, in its order. */
    public static List<WritableProperty> in(DesiredUpdate update) {
        List<WritableProperty> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member :
                Json.parseObject("desired properties", update.json()).properties()) {
            JsonNode value = member.getValue();
            if (COMPONENT.equals(value.path(COMPONENT_MARK).textValue())) {
                for (Map.Entry<String, JsonNode> inner : value.properties()) {
                    if (!inner.getKey().equals(COMPONENT_MARK)) {
                        found.add(new WritableProperty(
                                member.getKey(), inner.getKey(), Json.write(inner.getValue()), update.version()));
                    }
                }
            } else {
                found.add(new WritableProperty(null, member.getKey(), Json.write(value), update.version()));
            }
        }
        return found;
    }

    /**
     * The patch that confirms the wanted value, for {@link IotHubClient#report(String)}.
     *
     * @param status as an HTTP status: 200 taken, 202 being worked on, 4xx refused
     * @param description for people, or null
     */
    public String confirm(int status, @Nullable String description) {
        return confirm(json, status, description);
    }

    /**
     * The patch that says which value the device has now, when it is another than the wanted one.
     *
     * @param actual a JSON value as text
     * @param status as above
     * @param description as above
     */
    public String confirm(String actual, int status, @Nullable String description) {
        ObjectNode answer = Json.object();
        answer.set("value", Json.parse("value of [" + name + "]", actual));
        answer.put("ac", status).put("av", version);
        if (description != null) {
            answer.put("ad", description);
        }
        return patch(component, name, answer);
    }

    /**
     * The patch that reports a property nobody asked for.
     *
     * @param component null for the default component
     * @param json a JSON value as text
     */
    public static String report(@Nullable String component, String name, String json) {
        return patch(component, name, Json.parse("value of [" + name + "]", json));
    }

    private static String patch(@Nullable String component, String name, JsonNode value) {
        ObjectNode patch = Json.object();
        ObjectNode target =
                component == null ? patch : patch.putObject(component).put(COMPONENT_MARK, COMPONENT);
        target.set(name, value);
        return Json.write(patch);
    }
}
