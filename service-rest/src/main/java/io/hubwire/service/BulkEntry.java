package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.util.List;

/**
 * One change in a bulk call, and one line of a registry's export: an identity, what to do with it, and possibly its twin.
 * A view of its document, as {@link Device} is; {@link #toString} shows no key. Source: service-rest 2.4.
 */
public final class BulkEntry {
    private static final List<String> SHARED_WITH_DEVICE =
            List.of("status", "statusReason", "authentication", "capabilities", "deviceScope", "parentScopes");

    private final ObjectNode document;

    private BulkEntry(ObjectNode ownedDocument) {
        this.document = ownedDocument;
    }

    /** Creates a device. */
    public static BulkEntry create(Device device) {
        return of(device, "create");
    }

    /** Creates a module; its device must exist. */
    public static BulkEntry create(Module module) {
        ObjectNode out = entry(module.identity(), "create");
        copy(module.tree(), out);
        return new BulkEntry(out);
    }

    /** Replaces a device. */
    public static BulkEntry update(Device device, IfMatch condition) {
        return conditional(of(device, mode("update", condition)), "eTag", condition);
    }

    /** Deletes a device or module. */
    public static BulkEntry delete(Identity identity, IfMatch condition) {
        return conditional(new BulkEntry(entry(identity, mode("delete", condition))), "eTag", condition);
    }

    /** Merges into the twin of a device or module. @throws InvalidInputException when {@code update} breaks a rule */
    public static BulkEntry updateTwin(Identity identity, TwinUpdate update, IfMatch condition) {
        ObjectNode out = entry(identity, mode("updateTwin", condition));
        out.setAll((ObjectNode) Json.parse("twin update", update.patchBody()));
        return conditional(new BulkEntry(out), "twinETag", condition);
    }

    /**
     * Reads an entry, for example a line of an export.
     *
     * @throws InvalidInputException when it is no JSON object or has no {@code id}
     */
    public static BulkEntry parse(String json) {
        ObjectNode document = Fields.givenObject("registry entry", json);
        if (!document.path("id").isTextual()) {
            throw new InvalidInputException("registry entry has no [id]; it must be a text");
        }
        return new BulkEntry(document);
    }

    /** The device or module it is about. */
    public Identity identity() {
        String deviceId = Fields.requiredText(document, "id");
        return Fields.text(document, "moduleId")
                .filter(id -> !id.isEmpty())
                .map(moduleId -> Identity.module(deviceId, moduleId))
                .orElseGet(() -> Identity.device(deviceId));
    }

    /** As on the wire, {@code create} for example; possibly empty. */
    public String importMode() {
        return Fields.text(document, "importMode").orElse("");
    }

    /** A copy with another {@code importMode}. */
    public BulkEntry withImportMode(String mode) {
        return new BulkEntry(document.deepCopy().put("importMode", mode));
    }

    /** The whole document, keys included. */
    public String json() {
        return Json.write(document);
    }

    /** A copy of the whole document, keys included. */
    public ObjectNode tree() {
        return document.deepCopy();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BulkEntry that && document.equals(that.document);
    }

    @Override
    public int hashCode() {
        return document.hashCode();
    }

    @Override
    public String toString() {
        return "BulkEntry[" + importMode() + " " + identity() + "]";
    }

    private static BulkEntry of(Device device, String mode) {
        ObjectNode out = entry(new Identity(device.id(), null), mode);
        copy(device.tree(), out);
        return new BulkEntry(out);
    }

    private static ObjectNode entry(Identity identity, String mode) {
        ObjectNode out = Json.object().put("id", identity.deviceId());
        identity.moduleId().ifPresent(module -> out.put("moduleId", module));
        return out.put("importMode", mode);
    }

    private static void copy(ObjectNode from, ObjectNode to) {
        SHARED_WITH_DEVICE.stream().filter(from::has).forEach(name -> to.set(name, from.get(name)));
    }

    private static String mode(String name, IfMatch condition) {
        return condition.equals(IfMatch.ANY) ? name : name + "IfMatchETag";
    }

    private static BulkEntry conditional(BulkEntry entry, String member, IfMatch condition) {
        if (!condition.equals(IfMatch.ANY)) {
            entry.document.put(member, condition.etag());
        }
        return entry;
    }
}
