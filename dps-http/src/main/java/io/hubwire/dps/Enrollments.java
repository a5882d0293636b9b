package io.hubwire.dps;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.https.Await;
import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Individual enrollments, or groups, of one DPS. Operations return a stage that fails as {@link EnrollmentClient} says.
 * Source: dps 6.
 *
 * @param <E> the kind
 */
public final class Enrollments<E extends Enrollment> {
    /** All of them, in DPS's query language. */
    public static final String ALL = "SELECT * FROM enrollments";

    private static final int LARGEST_BULK = 10;

    /**
     * Where a kind lives.
     *
     * @param path first segment of its paths
     * @param member of the list in a bulk operation
     * @param idMember of the id in a bulk failure
     */
    record Kind<E extends Enrollment>(String path, String member, String idMember, Function<ObjectNode, E> reader) {
        static final Kind<IndividualEnrollment> INDIVIDUAL =
                new Kind<>("enrollments", "enrollments", IndividualEnrollment.ID, IndividualEnrollment::new);
        static final Kind<EnrollmentGroup> GROUP =
                new Kind<>("enrollmentGroups", "enrollmentGroups", EnrollmentGroup.ID, EnrollmentGroup::new);
    }

    private final Kind<E> kind;
    private final EnrollmentCalls calls;

    Enrollments(Kind<E> kind, EnrollmentCalls calls) {
        this.kind = kind;
        this.calls = calls;
    }

    /** Saves a new one. {@code CONFLICT} when the id is taken. */
    public CompletableFuture<E> create(E enrollment) {
        return calls.sendFor(put(enrollment), kind.reader());
    }

    /**
     * Saves a changed one over the version it was read from. {@code PRECONDITION_FAILED} when somebody was quicker.
     *
     * @throws InvalidInputException when it has no ETag, as one that was never read
     */
    public CompletableFuture<E> update(E enrollment) {
        return calls.sendFor(EnrollmentCalls.ifMatch(put(enrollment), etag(enrollment)), kind.reader());
    }

    /** Saves it over whatever version there is. {@code NOT_FOUND} when there is none. */
    public CompletableFuture<E> overwrite(E enrollment) {
        return calls.sendFor(EnrollmentCalls.ifAny(put(enrollment)), kind.reader());
    }

    /** Reads one; keys are not told. {@code NOT_FOUND} when there is none. */
    public CompletableFuture<E> get(String id) {
        return calls.sendFor(HttpsRequest.get(kind.path(), id), kind.reader());
    }

    /** The attestation with its keys. {@code NOT_FOUND} when there is no such enrollment. */
    public CompletableFuture<AttestationMechanism> attestation(String id) {
        return calls.sendFor(
                HttpsRequest.post(kind.path(), id, "attestationmechanism").repeatable(), AttestationCodec::read);
    }

    /** Deletes whatever version there is. {@code NOT_FOUND} when there is none. Devices that are assigned stay where they are. */
    public CompletableFuture<Void> delete(String id) {
        return calls.send(EnrollmentCalls.ifAny(HttpsRequest.delete(kind.path(), id)))
                .thenAccept(gone -> {});
    }

    /**
     * Deletes the version that was read. {@code PRECONDITION_FAILED} when it has changed.
     *
     * @throws InvalidInputException when it has no ETag
     */
    public CompletableFuture<Void> delete(E enrollment) {
        HttpsRequest.Builder request = HttpsRequest.delete(kind.path(), enrollment.id());
        return calls.send(EnrollmentCalls.ifMatch(request, etag(enrollment))).thenAccept(gone -> {});
    }

    /**
     * One page of a query.
     *
     * @param query {@link #ALL}, or with a condition
     * @param size items at most, 1 to 1,000; 0 for the service's own choice
     * @param continuation of the page before; null for the first
     * @return the page; {@code INVALID_ARGUMENT} when DPS cannot read the query
     * @throws InvalidInputException when the size is out of range
     */
    public CompletableFuture<Page<E>> page(String query, int size, @Nullable String continuation) {
        HttpsRequest.Builder request = HttpsRequest.post(kind.path(), "query")
                .json(Json.write(Json.object().put("query", query)));
        return calls.page(request, size, continuation, kind.reader());
    }

    /**
     * All that a query finds, page by page.
     *
     * @param each runs on the client's threads, one call at a time; what it throws ends the query and fails the stage
     * @return completes after the last item; fails as {@link #page}
     */
    public CompletableFuture<Void> forEach(String query, Consumer<? super E> each) {
        return EnrollmentCalls.forEach(null, from -> page(query, 0, from), each);
    }

    /**
     * Does the same to several, each for itself.
     *
     * @param enrollments 1 to 10
     * @return what was not done; a partial failure is a result, not an exception
     * @throws InvalidInputException when there are none or more
     */
    public CompletableFuture<BulkResult> bulk(BulkMode mode, List<E> enrollments) {
        if (enrollments.isEmpty() || enrollments.size() > LARGEST_BULK) {
            throw new InvalidInputException(
                    "bulk operation on [" + enrollments.size() + "] enrollments; DPS takes 1 to " + LARGEST_BULK);
        }
        ObjectNode body = Json.object().put("mode", mode.wireName());
        ArrayNode list = body.putArray(kind.member());
        enrollments.forEach(e -> list.add(e.document()));
        return calls.sendFor(HttpsRequest.post(kind.path()).json(Json.write(body)), this::bulkResult);
    }

    /** The same operations, waiting. */
    public Blocking<E> blocking() {
        return new Blocking<>(this);
    }

    private HttpsRequest.Builder put(E enrollment) {
        return HttpsRequest.put(kind.path(), enrollment.id()).json(enrollment.json());
    }

    private String etag(E enrollment) {
        return enrollment
                .etag()
                .orElseThrow(() -> new InvalidInputException(
                        "enrollment [" + enrollment.id() + "] has no ETag: read it first, then change what was read"));
    }

    private BulkResult bulkResult(ObjectNode body) {
        List<BulkResult.Failure> failures = new ArrayList<>();
        body.path("errors")
                .forEach(e -> failures.add(new BulkResult.Failure(
                        e.path(kind.idMember()).asText(""),
                        e.path("errorCode").asInt(0),
                        e.path("errorStatus").asText(""))));
        return new BulkResult(body.path("isSuccessful").asBoolean(false), failures);
    }

    /**
     * Waits for each operation; throws what its stage would have completed with.
     *
     * @param <E> the kind
     */
    public static final class Blocking<E extends Enrollment> {
        private final Enrollments<E> async;

        private Blocking(Enrollments<E> async) {
            this.async = async;
        }

        /** See {@link Enrollments#create}. */
        public E create(E enrollment) {
            return Await.on(async.create(enrollment));
        }

        /** See {@link Enrollments#update}. */
        public E update(E enrollment) {
            return Await.on(async.update(enrollment));
        }

        /** See {@link Enrollments#overwrite}. */
        public E overwrite(E enrollment) {
            return Await.on(async.overwrite(enrollment));
        }

        /** See {@link Enrollments#get}. */
        public E get(String id) {
            return Await.on(async.get(id));
        }

        /** See {@link Enrollments#attestation}. */
        public AttestationMechanism attestation(String id) {
            return Await.on(async.attestation(id));
        }

        /** See {@link Enrollments#delete(String)}. */
        public void delete(String id) {
            Await.on(async.delete(id));
        }

        /** See {@link Enrollments#delete(Enrollment)}. */
        public void delete(E enrollment) {
            Await.on(async.delete(enrollment));
        }

        /** See {@link Enrollments#page}. */
        public Page<E> page(String query, int size, @Nullable String continuation) {
            return Await.on(async.page(query, size, continuation));
        }

        /** All that a query finds. */
        public List<E> list(String query) {
            List<E> all = new ArrayList<>();
            Await.on(async.forEach(query, all::add)); // pages follow each other, so this list needs no lock
            return all;
        }

        /** See {@link Enrollments#bulk}. */
        public BulkResult bulk(BulkMode mode, List<E> enrollments) {
            return Await.on(async.bulk(mode, enrollments));
        }
    }
}
