package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.json.TwinRules;
import io.hubwire.protocol.json.TwinRules.Section;
import io.hubwire.protocol.json.TwinRules.Violation;
import java.util.Map;
import java.util.Optional;

/** {@link TwinRules} as refusals, 400004. Source: service-rest 5.2, mqtt-device 5. */
final class TwinLimits {
    private TwinLimits() {}

    /**
     * What a patch may say; nulls delete.
     *
     * @throws HubException 400004
     */
    static ObjectNode checkedPatch(Section section, JsonNode patch) {
        refuse(TwinRules.checkPatch(section, patch));
        return (ObjectNode) patch; // checkPatch finds anything else
    }

    /**
     * What a section may be after a change.
     *
     * @throws HubException 400004
     */
    static ObjectNode checkedDocument(Section section, ObjectNode document) {
        refuse(TwinRules.checkDocument(section, document));
        return document;
    }

    /**
     * Null deletes in a patch; in a replacement there is nothing to delete.
     *
     * @throws HubException 400004
     */
    static ObjectNode checkedReplacement(Section section, ObjectNode document) {
        checkNoNulls(document);
        return checkedDocument(section, document);
    }

    private static void checkNoNulls(ObjectNode object) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (member.getValue().isNull()) {
                throw invalid("Value of Property or Tag cannot be null. Error in Property/Tag " + member.getKey());
            }
            if (member.getValue() instanceof ObjectNode inner) {
                checkNoNulls(inner);
            }
        }
    }

    private static void refuse(Optional<Violation> violation) {
        violation.ifPresent(v -> {
            throw invalid(v.toString());
        });
    }

    private static HubException invalid(String detail) {
        return new HubException(HubError.ARGUMENT_INVALID, detail);
    }
}
