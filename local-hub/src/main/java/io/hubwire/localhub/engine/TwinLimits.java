package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.HubError;
import java.util.Map;

/** What a twin may hold; refusals are 400004. Source: service-rest 5.2, mqtt-device 5. */
final class TwinLimits {
    private TwinLimits() {}

    static void checkTagsPatch(ObjectNode patch) {}

    static void checkDesiredPatch(ObjectNode patch) {}

    static void checkReportedPatch(ObjectNode patch) {}

    static ObjectNode checkedTags(ObjectNode tags) {
        return tags;
    }

    static TwinSection checkedDesired(TwinSection section) {
        return section;
    }

    static TwinSection checkedReported(TwinSection section) {
        return section;
    }

    /** Null deletes in a patch; in a replacement there is nothing to delete. */
    static void checkNoNulls(ObjectNode section) {
        for (Map.Entry<String, JsonNode> member : section.properties()) {
            if (member.getValue().isNull()) {
                throw new HubException(
                        HubError.ARGUMENT_INVALID,
                        "Value of Property or Tag cannot be null. Error in Property/Tag " + member.getKey());
            }
            if (member.getValue() instanceof ObjectNode object) {
                checkNoNulls(object);
            }
        }
    }
}
