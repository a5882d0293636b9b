package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.localhub.store.Documents.Document;
import io.hubwire.localhub.store.Store;
import io.hubwire.localhub.store.StoreConflict;
import io.hubwire.protocol.json.Json;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Enrollments and groups as documents, under their ids in lower case: DPS does not tell cases apart. */
final class Enrollments {
    private static final int MAX_BULK = 10;

    private final Store store;
    private final EnrollmentBody body;
    private final Clock clock;

    Enrollments(Store store, EnrollmentBody body, Clock clock) {
        this.store = store;
        this.body = body;
        this.clock = clock;
    }

    private record Found(Enrollment enrollment, long version) {}

    Optional<Enrollment> find(Kind kind, String id) {
        return found(kind, id).map(Found::enrollment);
    }

    Enrollment require(Kind kind, String id) {
        return find(kind, id).orElseThrow(() -> DpsRefusals.notFound(kind, id));
    }

    List<Enrollment> all(Kind kind) {
        return store.scan(documentKind(kind), "", null, Integer.MAX_VALUE).stream()
                .map(document -> enrollment(kind, document))
                .toList();
    }

    Enrollment put(Kind kind, String id, ObjectNode json, ETagMatch ifMatch) {
        Optional<Found> before = found(kind, id);
        if (ifMatch instanceof ETagMatch.Absent) {
            if (before.isPresent()) {
                throw DpsRefusals.exists(id);
            }
        } else {
            Found found = before.orElseThrow(() -> DpsRefusals.notFound(kind, id));
            requireMatch(found.enrollment(), ifMatch);
        }
        Enrollment enrollment = body.read(kind, id, json, before.map(Found::enrollment), clock.instant());
        try {
            String text = Json.write(enrollment.json());
            if (before.isPresent()) {
                store.update(documentKind(kind), key(id), before.get().version(), text);
            } else {
                store.insert(documentKind(kind), key(id), text);
            }
        } catch (StoreConflict e) {
            throw before.isPresent() ? DpsRefusals.etagMismatch(id) : DpsRefusals.exists(id);
        }
        return enrollment;
    }

    void delete(Kind kind, String id, ETagMatch ifMatch) {
        Found found = found(kind, id).orElseThrow(() -> DpsRefusals.notFound(kind, id));
        requireMatch(found.enrollment(), ifMatch);
        try {
            store.delete(documentKind(kind), key(id), found.version());
        } catch (StoreConflict e) {
            throw DpsRefusals.etagMismatch(id);
        }
    }

    /** Many at once; each item stands for itself. Source: dps 6, "Bulk". */
    ObjectNode bulk(Kind kind, ObjectNode request) {
        JsonNode items = request.path(kind == Kind.INDIVIDUAL ? "enrollments" : "enrollmentGroups");
        if (!items.isArray() || items.isEmpty() || items.size() > MAX_BULK) {
            throw DpsRefusals.invalid("a bulk call has 1 to " + MAX_BULK + " enrollments, not " + items.size());
        }
        String mode = request.path("mode").asText("").toLowerCase(Locale.ROOT);
        ObjectNode answer = Json.object();
        ArrayNode errors = Json.array();
        for (JsonNode item : items) {
            String id = item.path(Enrollment.idMember(kind)).asText("");
            try {
                apply(mode, kind, id, item);
            } catch (DpsRefusal e) {
                errors.addObject()
                        .put(Enrollment.idMember(kind), id)
                        .put("errorCode", e.errorCode())
                        .put("errorStatus", e.detail());
            }
        }
        answer.put("isSuccessful", errors.isEmpty());
        answer.set("errors", errors);
        return answer;
    }

    private void apply(String mode, Kind kind, String id, JsonNode item) {
        if (!(item instanceof ObjectNode json)) {
            throw DpsRefusals.invalid("an enrollment must be an object");
        }
        ETagMatch etag = ETagMatch.parse(json.path("etag").asText(""));
        switch (mode) {
            case "create" -> put(kind, id, json, new ETagMatch.Absent());
            case "update" -> put(kind, id, json, new ETagMatch.Any());
            case "updateifmatchetag" ->
                put(kind, id, json, etag instanceof ETagMatch.Absent ? new ETagMatch.Tag("") : etag);
            case "delete" -> delete(kind, id, new ETagMatch.Any());
            default ->
                throw DpsRefusals.invalid("mode [" + mode + "] must be create, update, updateIfMatchETag or delete");
        }
    }

    private static void requireMatch(Enrollment enrollment, ETagMatch ifMatch) {
        if (!ifMatch.allows(enrollment.etag())) {
            throw DpsRefusals.etagMismatch(enrollment.id());
        }
    }

    private Optional<Found> found(Kind kind, String id) {
        return store.get(documentKind(kind), key(id)).map(d -> new Found(enrollment(kind, d), d.version()));
    }

    private static Enrollment enrollment(Kind kind, Document document) {
        return new Enrollment(kind, Json.parseObject("a stored enrollment", document.body()));
    }

    private static String documentKind(Kind kind) {
        return kind == Kind.INDIVIDUAL ? "enrollment" : "enrollmentGroup";
    }

    private static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }
}
