package io.hubwire.localhub.engine;

import io.hubwire.localhub.store.Documents;
import io.hubwire.localhub.store.Documents.Document;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Twins as documents, beside the identity they belong to. */
final class TwinStore {
    private static final String DEVICE_TWIN = "twin";
    private static final String MODULE_TWIN = "moduleTwin";

    private TwinStore() {}

    /** A twin and the version of its document. */
    record Found(TwinDocument twin, long version) {}

    static Optional<Found> find(Documents documents, Identity identity) {
        return documents.get(kindOf(identity), identity.clientId()).map(d -> new Found(read(d), d.version()));
    }

    /** Twins of one kind by their identity, a page in order of id. */
    static Map<Identity, TwinDocument> page(Documents documents, Twins.Kind kind, @Nullable String after, int limit) {
        String stored = kind == Twins.Kind.MODULE ? MODULE_TWIN : DEVICE_TWIN;
        return documents.scan(stored, "", after, limit).stream()
                .collect(Collectors.toMap(d -> Identities.ofClientId(d.id()), TwinStore::read));
    }

    static void insert(Documents documents, Identity identity, TwinDocument twin) {
        documents.insert(kindOf(identity), identity.clientId(), Json.write(twin.toDocument()));
    }

    static void update(Documents documents, Identity identity, long version, TwinDocument twin) {
        documents.update(kindOf(identity), identity.clientId(), version, Json.write(twin.toDocument()));
    }

    static void delete(Documents documents, Identity identity) {
        documents
                .get(kindOf(identity), identity.clientId())
                .ifPresent(d -> documents.delete(kindOf(identity), identity.clientId(), d.version()));
    }

    private static TwinDocument read(Document document) {
        return TwinDocument.ofDocument(Json.parseObject("a stored document", document.body()));
    }

    private static String kindOf(Identity identity) {
        return identity.isModule() ? MODULE_TWIN : DEVICE_TWIN;
    }
}
