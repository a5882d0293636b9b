package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.store.Store;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.json.MergePatch;
import io.hubwire.protocol.json.TwinRules.Section;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Twins: read, change, store, push, all under the device's lock, so that patches reach the session in order of version.
 * What a change does is in {@link TwinDocument} and {@link TwinSection}.
 */
final class HubTwins implements Twins {
    private final Store store;
    private final Identities identities;
    private final DeviceLocks locks;
    private final HubSessions sessions;
    private final C2dQueues queues;
    private final Clock clock;

    HubTwins(
            Store store,
            Identities identities,
            DeviceLocks locks,
            HubSessions sessions,
            C2dQueues queues,
            Clock clock) {
        this.store = store;
        this.identities = identities;
        this.locks = locks;
        this.sessions = sessions;
        this.queues = queues;
        this.clock = clock;
    }

    @Override
    public ObjectNode get(Identity identity) {
        return view(identities.require(identity), require(identity).twin());
    }

    @Override
    public List<ObjectNode> list(Kind kind, @Nullable String after, int limit) {
        return store.inTransaction(documents -> {
            Map<Identity, TwinDocument> found = TwinStore.page(documents, kind, after, limit);
            return identities.page(documents, kind, after, limit).stream()
                    // made between the two readings: too late for this page
                    .flatMap(owner ->
                            Optional.ofNullable(found.get(owner.identity())).map(twin -> view(owner, twin)).stream())
                    .toList();
        });
    }

    @Override
    public ObjectNode patch(Identity identity, ObjectNode body, ETagMatch ifMatch) {
        TwinUpdate update = TwinUpdate.read(body);
        update.tags().ifPresent(patch -> TwinLimits.checkedPatch(Section.TAGS, patch));
        update.desired().ifPresent(patch -> TwinLimits.checkedPatch(Section.DESIRED, patch));
        return change(identity, ifMatch, twin -> {
            if (update.isEmpty()) {
                return Optional.empty();
            }
            ObjectNode tags = update.tags()
                    .map(patch -> TwinLimits.checkedDocument(Section.TAGS, MergePatch.apply(twin.tags(), patch)))
                    .orElse(twin.tags());
            TwinSection desired = update.desired()
                    .map(patch -> twin.desired().merge(patch, clock.instant(), true))
                    .orElse(twin.desired());
            TwinLimits.checkedDocument(Section.DESIRED, desired.values());
            return Optional.of(
                    new Change(twin.withService(tags, desired), update.desired().map(desired::withVersion)));
        });
    }

    @Override
    public ObjectNode replace(Identity identity, ObjectNode body, ETagMatch ifMatch) {
        TwinUpdate update = TwinUpdate.read(body);
        ObjectNode tags = TwinLimits.checkedReplacement(Section.TAGS, update.tagsOrEmpty());
        ObjectNode values = TwinLimits.checkedReplacement(Section.DESIRED, update.desiredOrEmpty());
        return change(identity, ifMatch, twin -> {
            boolean touched =
                    update.desired().isPresent() || !twin.desired().values().isEmpty();
            TwinSection desired = touched ? twin.desired().replace(values, clock.instant(), true) : twin.desired();
            Optional<ObjectNode> push = touched ? Optional.of(desired.deviceView()) : Optional.empty();
            return Optional.of(new Change(twin.withService(tags, desired), push));
        });
    }

    @Override
    public ObjectNode deviceView(Identity identity) {
        TwinDocument twin = require(identity).twin();
        ObjectNode view = Json.object();
        view.set("desired", twin.desired().deviceView());
        view.set("reported", twin.reported().deviceView());
        return view;
    }

    @Override
    public long report(Identity identity, JsonNode patch, @Nullable Long baseVersion) {
        ObjectNode object = TwinLimits.checkedPatch(Section.REPORTED, patch);
        Instant now = clock.instant();
        return locks.locked(identity.device(), () -> {
            TwinStore.Found found = require(identity);
            TwinSection before = found.twin().reported();
            if (baseVersion != null && baseVersion != before.version()) {
                throw new HubException(
                        HubError.PRECONDITION_FAILED,
                        "Reported properties are at $version " + before.version() + ", not " + baseVersion);
            }
            TwinSection after = before.merge(object, now, false);
            TwinLimits.checkedDocument(Section.REPORTED, after.values());
            TwinStore.update(store, identity, found.version(), found.twin().withReported(after));
            return after.version();
        });
    }

    @Override
    public void configurations(Identity identity, ObjectNode configurations) {
        locks.locked(identity.device(), () -> {
            TwinStore.Found found = require(identity);
            if (!found.twin().configurations().equals(configurations)) {
                TwinStore.update(
                        store, identity, found.version(), found.twin().withConfigurations(configurations.deepCopy()));
            }
            return true;
        });
    }

    @Override
    public void modelId(Identity identity, @Nullable String modelId) {
        if (modelId == null) {
            return;
        }
        locks.locked(identity.device(), () -> {
            TwinStore.Found found = require(identity);
            if (!found.twin().modelId().equals(modelId)) {
                TwinStore.update(store, identity, found.version(), found.twin().withModelId(modelId));
            }
            return true;
        });
    }

    /**
     * The twin a new identity starts with.
     *
     * @param body as for {@link #replace}
     * @throws HubException 400004
     */
    TwinDocument initial(ObjectNode body) {
        TwinUpdate update = TwinUpdate.read(body);
        ObjectNode tags = TwinLimits.checkedReplacement(Section.TAGS, update.tagsOrEmpty());
        ObjectNode desired = TwinLimits.checkedReplacement(Section.DESIRED, update.desiredOrEmpty());
        Instant now = clock.instant();
        return desired.isEmpty() && tags.isEmpty() ? TwinDocument.fresh(now) : TwinDocument.initial(tags, desired, now);
    }

    /** A twin with all its counters, for a device that moves. */
    TwinDocument document(Identity identity) {
        return require(identity).twin();
    }

    /** Puts a twin that came with a device in the place of a new one; nobody is connected yet who would hear of it. */
    void overwrite(Identity identity, TwinDocument twin) {
        locks.locked(identity.device(), () -> {
            TwinStore.update(store, identity, require(identity).version(), twin);
            return true;
        });
    }

    /**
     * What becomes of a twin.
     *
     * @param push what the session gets, with {@code $version}
     */
    private record Change(TwinDocument twin, Optional<ObjectNode> push) {}

    private ObjectNode change(Identity identity, ETagMatch ifMatch, Function<TwinDocument, Optional<Change>> how) {
        return locks.locked(identity.device(), () -> {
            StoredIdentity owner = identities.require(identity);
            TwinStore.Found found = require(identity);
            if (!ifMatch.allows(found.twin().etag())) {
                throw new HubException(
                        HubError.PRECONDITION_FAILED, "Precondition failed: Device version did not match.");
            }
            Optional<Change> change = how.apply(found.twin());
            if (change.isEmpty()) {
                return view(owner, found.twin());
            }
            TwinDocument after = change.get().twin();
            TwinStore.update(store, identity, found.version(), after);
            change.get().push().ifPresent(patch -> sessions.current(identity)
                    .ifPresent(session -> session.desiredChanged(after.desired().version(), Json.writeBytes(patch))));
            return view(owner, after);
        });
    }

    private ObjectNode view(StoredIdentity identity, TwinDocument twin) {
        return twin.toJson(identity, sessions.presence(identity.identity()), queues.pending(identity.identity()));
    }

    private TwinStore.Found require(Identity identity) {
        return TwinStore.find(store, identity).orElseThrow(() -> {
            identities.require(identity); // says what is missing
            return new IllegalStateException("identity [" + identity + "] has no twin");
        });
    }
}
