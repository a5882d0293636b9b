package io.hubwire.localhub.engine.transfers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.util.List;

/** One identity as import and export write it, an {@code ExportImportDevice}. Pure. Source: service-rest 2.4 and 9. */
final class ExportLine {
    private ExportLine() {}

    /**
     * A line without its end.
     *
     * @param identity as the registry shows it
     * @param twin as the service shows it
     * @param withKeys whether symmetric keys are in it; null otherwise
     */
    static String of(ObjectNode identity, ObjectNode twin, boolean withKeys) {
        ObjectNode line = Json.object();
        line.put("id", identity.path("deviceId").asText());
        if (identity.has("moduleId")) {
            line.put("moduleId", identity.path("moduleId").asText());
        }
        line.put("eTag", identity.path("etag").asText());
        copy(identity, line, "status", "statusReason", "authentication", "managedBy");
        line.put("twinETag", twin.path("etag").asText());
        copy(twin, line, "tags");
        ObjectNode properties = line.putObject("properties");
        for (String section : List.of("desired", "reported")) {
            properties.set(section, twin.path("properties").path(section).deepCopy());
        }
        copy(identity, line, "capabilities", "deviceScope", "parentScopes");
        if (!withKeys && line.path("authentication").path("symmetricKey") instanceof ObjectNode keys) {
            keys.putNull("primaryKey").putNull("secondaryKey");
        }
        return Json.write(line);
    }

    private static void copy(ObjectNode from, ObjectNode to, String... names) {
        for (String name : names) {
            if (from.has(name)) {
                to.set(name, from.get(name).deepCopy());
            }
        }
    }
}
