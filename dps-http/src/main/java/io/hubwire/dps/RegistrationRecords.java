package io.hubwire.dps;

import io.hubwire.https.Await;
import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What DPS remembers of registrations, as the back end sees it. Fails as {@link EnrollmentClient} says. Source: dps 6. */
public final class RegistrationRecords {
    private static final String PATH = "registrations";

    private final EnrollmentCalls calls;

    RegistrationRecords(EnrollmentCalls calls) {
        this.calls = calls;
    }

    /** One device's. {@code NOT_FOUND} when it never registered. */
    public CompletableFuture<RegistrationState> get(String registrationId) {
        return calls.sendFor(HttpsRequest.get(PATH, registrationId), RegistrationState::of);
    }

    /** Forgets it, whatever version there is: the next registration is a first one. The hub keeps the device. {@code NOT_FOUND} when there is none. */
    public CompletableFuture<Void> delete(String registrationId) {
        return calls.send(EnrollmentCalls.ifAny(HttpsRequest.delete(PATH, registrationId)))
                .thenAccept(gone -> {});
    }

    /**
     * Forgets the version that was read. {@code PRECONDITION_FAILED} when the device has registered since.
     *
     * @throws InvalidInputException when it has no ETag
     */
    public CompletableFuture<Void> delete(RegistrationState read) {
        String etag = read.etag();
        if (etag == null) {
            throw new InvalidInputException("registration [" + read.registrationId() + "] has no ETag");
        }
        HttpsRequest.Builder request = HttpsRequest.delete(PATH, read.registrationId());
        return calls.send(EnrollmentCalls.ifMatch(request, etag)).thenAccept(gone -> {});
    }

    /**
     * One page of a group's.
     *
     * @param size items at most, 1 to 1,000; 0 for the service's own choice
     * @param continuation of the page before; null for the first
     * @throws InvalidInputException when the size is out of range
     */
    public CompletableFuture<Page<RegistrationState>> page(String groupId, int size, @Nullable String continuation) {
        return calls.page(HttpsRequest.post(PATH, groupId, "query"), size, continuation, RegistrationState::of);
    }

    /**
     * All of a group's, page by page.
     *
     * @param each runs on the client's threads, one call at a time; what it throws ends the reading and fails the stage
     * @return completes after the last item
     */
    public CompletableFuture<Void> forEach(String groupId, Consumer<? super RegistrationState> each) {
        return EnrollmentCalls.forEach(null, from -> page(groupId, 0, from), each);
    }

    /** The same operations, waiting. */
    public Blocking blocking() {
        return new Blocking(this);
    }

    /** Waits for each operation; throws what its stage would have completed with. */
    public static final class Blocking {
        private final RegistrationRecords async;

        private Blocking(RegistrationRecords async) {
            this.async = async;
        }

        /** See {@link RegistrationRecords#get}. */
        public RegistrationState get(String registrationId) {
            return Await.on(async.get(registrationId));
        }

        /** See {@link RegistrationRecords#delete(String)}. */
        public void delete(String registrationId) {
            Await.on(async.delete(registrationId));
        }

        /** See {@link RegistrationRecords#delete(RegistrationState)}. */
        public void delete(RegistrationState read) {
            Await.on(async.delete(read));
        }

        /** All of a group's. */
        public List<RegistrationState> list(String groupId) {
            List<RegistrationState> all = new ArrayList<>();
            Await.on(async.forEach(groupId, all::add)); // pages follow each other, so this list needs no lock
            return all;
        }
    }
}
