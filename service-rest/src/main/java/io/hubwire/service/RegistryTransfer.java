package io.hubwire.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;

/**
 * An import or export of the whole registry by way of a blob container: one {@link BulkEntry} a line. Immutable; {@link
 * #toString} shows no address, since it holds the right to write. Source: service-rest 9.
 */
public final class RegistryTransfer {
    private final ObjectNode document;

    private RegistryTransfer(ObjectNode ownedDocument) {
        this.document = ownedDocument;
    }

    /**
     * Writes all identities to {@code devices.txt} in a container.
     *
     * @param containerUri with a SAS that allows writing
     */
    public static RegistryTransfer exportTo(String containerUri, boolean withoutKeys) {
        return new RegistryTransfer(Json.object()
                .put("type", "export")
                .put("outputBlobContainerUri", containerUri)
                .put("excludeKeysInExport", withoutKeys));
    }

    /**
     * Reads identities from {@code devices.txt} in a container and writes what failed to {@code importErrors.log}.
     *
     * @param inputContainerUri with a SAS that allows reading
     * @param outputContainerUri with a SAS that allows writing
     */
    public static RegistryTransfer importFrom(String inputContainerUri, String outputContainerUri) {
        return new RegistryTransfer(Json.object()
                .put("type", "import")
                .put("inputBlobContainerUri", inputContainerUri)
                .put("outputBlobContainerUri", outputContainerUri));
    }

    /** A copy with any member by its wire name: blob names, identity based access, configurations. */
    public RegistryTransfer with(String name, JsonNode value) {
        ObjectNode copy = document.deepCopy();
        copy.set(name, value.deepCopy());
        return new RegistryTransfer(copy);
    }

    ObjectNode body() {
        return document.deepCopy();
    }

    @Override
    public String toString() {
        return "RegistryTransfer[" + document.path("type").asText() + "]";
    }
}
