package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.localhub.store.Documents;
import io.hubwire.localhub.store.Documents.Document;
import io.hubwire.localhub.store.Store;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Identities as documents: a device under its id, a module under {@code device/module} (no id has a slash), twins
 * likewise under kinds of their own.
 */
final class Identities {
    static final String DEVICE = "device";
    static final String MODULE = "module";
    private static final int PAGE = 500;

    private final Store store;

    Identities(Store store) {
        this.store = store;
    }

    /** An identity and the version of its document. */
    record Found(StoredIdentity identity, long version) {}

    static String kindOf(Identity identity) {
        return identity.isModule() ? MODULE : DEVICE;
    }

    Optional<StoredIdentity> find(Identity identity) {
        return find(store, identity).map(Found::identity);
    }

    /**
     * An identity that must be there.
     *
     * @throws HubException 404001, or 404010 when only the module is missing
     */
    StoredIdentity require(Identity identity) {
        return require(store, identity).identity();
    }

    Optional<Found> find(Documents documents, Identity identity) {
        return documents.get(kindOf(identity), identity.clientId()).map(document -> found(identity, document));
    }

    /**
     * An identity that must be there, with its version.
     *
     * @throws HubException 404001, or 404010 when only the module is missing
     */
    Found require(Documents documents, Identity identity) {
        return find(documents, identity).orElseThrow(() -> missing(documents, identity));
    }

    /**
     * A page of devices, in order of id.
     *
     * @param after the last id of the page before; null for the first
     */
    List<StoredIdentity> devices(@Nullable String after, int limit) {
        return page(store, Twins.Kind.DEVICE, after, limit);
    }

    /** As {@link Twins#list} goes on. */
    List<StoredIdentity> page(Documents documents, Twins.Kind kind, @Nullable String after, int limit) {
        return documents.scan(kind == Twins.Kind.MODULE ? MODULE : DEVICE, "", after, limit).stream()
                .map(document -> found(ofClientId(document.id()), document).identity())
                .toList();
    }

    List<StoredIdentity> modules(Documents documents, DeviceId device) {
        return documents.scan(MODULE, device.value() + "/", null, Integer.MAX_VALUE).stream()
                .map(document -> found(ofClientId(document.id()), document).identity())
                .toList();
    }

    /** Devices now. Asks the database to count. */
    long deviceCount() {
        return store.count(DEVICE, "");
    }

    long disabledCount() {
        return pages().filter(device -> !device.enabled()).count();
    }

    private Stream<StoredIdentity> pages() {
        return Stream.iterate(
                        devices(null, PAGE),
                        page -> !page.isEmpty(),
                        page -> devices(page.get(page.size() - 1).identity().deviceId(), PAGE))
                .flatMap(List::stream);
    }

    static Identity ofClientId(String clientId) {
        int slash = clientId.indexOf('/');
        return slash < 0
                ? Identity.device(clientId)
                : Identity.module(clientId.substring(0, slash), clientId.substring(slash + 1));
    }

    private HubException missing(Documents documents, Identity identity) {
        if (identity.isModule() && documents.get(DEVICE, identity.deviceId()).isPresent()) {
            return new HubException(
                    HubError.MODULE_NOT_FOUND, identity.moduleId().orElseThrow());
        }
        return new HubException(HubError.DEVICE_NOT_FOUND, identity.deviceId());
    }

    private static Found found(Identity identity, Document document) {
        JsonNode json = Json.parseObject("a stored document", document.body());
        return new Found(StoredIdentity.ofDocument(identity, json), document.version());
    }
}
