package io.hubwire.localhub.https;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.Provisioning;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.engine.Provisioning.Kind;
import java.util.List;
import java.util.regex.Pattern;

/** Individual enrollments, or enrollment groups, of the service API of DPS. Source: dps 6. */
final class Enrollments implements Resource {
    /** The whole query language of DPS that any SDK is seen to use. */
    private static final Pattern ALL =
            Pattern.compile("\\s*(\\*|select\\s+\\*\\s+from\\s+\\w+)\\s*", Pattern.CASE_INSENSITIVE);

    private final Provisioning provisioning;
    private final DpsService service;
    private final Kind kind;
    private final String collection;
    private final String idMember;
    private final String itemType;

    private Enrollments(
            Provisioning provisioning,
            DpsService service,
            Kind kind,
            String collection,
            String idMember,
            String itemType) {
        this.provisioning = provisioning;
        this.service = service;
        this.kind = kind;
        this.collection = collection;
        this.idMember = idMember;
        this.itemType = itemType;
    }

    static Enrollments individual(Provisioning provisioning, DpsService service) {
        return new Enrollments(provisioning, service, Kind.INDIVIDUAL, "/enrollments", "registrationId", "enrollment");
    }

    static Enrollments groups(Provisioning provisioning, DpsService service) {
        return new Enrollments(
                provisioning, service, Kind.GROUP, "/enrollmentGroups", "enrollmentGroupId", "enrollmentGroup");
    }

    @Override
    public List<Route> routes() {
        String one = collection + "/{id}";
        return List.of(
                service.route("POST", collection, this::bulk),
                service.route("POST", collection + "/query", this::query),
                service.route("GET", one, this::get),
                service.route("PUT", one, this::put),
                service.route("DELETE", one, this::delete),
                service.route("POST", one + "/attestationmechanism", this::attestation));
    }

    private HttpAnswer get(HttpCall call) {
        return entity(provisioning.getEnrollment(kind, call.parameter("id")));
    }

    private HttpAnswer put(HttpCall call) {
        return entity(provisioning.putEnrollment(kind, call.parameter("id"), call.jsonObject(), call.ifMatch()));
    }

    private HttpAnswer delete(HttpCall call) {
        provisioning.deleteEnrollment(kind, call.parameter("id"), call.ifMatch());
        return HttpAnswer.empty(204);
    }

    private HttpAnswer attestation(HttpCall call) {
        return HttpAnswer.json(200, provisioning.attestation(kind, call.parameter("id")));
    }

    /** A partial failure is a 200 as well; the body tells. */
    private HttpAnswer bulk(HttpCall call) {
        return HttpAnswer.json(200, provisioning.bulkEnrollments(kind, call.jsonObject()));
    }

    private HttpAnswer query(HttpCall call) {
        String query = call.jsonObject().path("query").asText();
        if (!ALL.matcher(query).matches()) {
            throw new DpsRefusal(
                    400,
                    DpsErrors.INVALID_ARGUMENT,
                    "query [" + query + "] must be * or SELECT * FROM " + collection.substring(1),
                    null);
        }
        return Page.of(provisioning.listEnrollments(kind), idMember, call).answer(itemType);
    }

    private static HttpAnswer entity(ObjectNode entity) {
        return HttpAnswer.json(200, entity);
    }
}
