package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.DeviceSession.CloseReason;
import io.hubwire.localhub.store.Documents;
import io.hubwire.localhub.store.Store;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The identity registry. Each change is one transaction under the device's lock; what it means for the living (a
 * connection cut, a queue dropped) follows under the same lock, so that nothing of a deleted device survives it.
 */
final class HubRegistry implements Registry {
    private static final int MAX_LIST = 1000;
    /** Source: service-rest 14, in the newer text. The two that belong to the hub do not count. */
    private static final int MAX_MODULES = 50;

    private static final List<String> SYSTEM_MODULES = List.of("$edgeAgent", "$edgeHub");

    private final EngineOptions options;
    private final Store store;
    private final Identities identities;
    private final DeviceLocks locks;
    private final HubSessions sessions;
    private final HubC2dQueues queues;
    private final HubFeedback feedback;
    private final HubTwins twins;
    private final Clock clock;
    private final Ids ids;
    /** Kept beside the store, which would have to count: for the limit only. */
    private final AtomicLong devices;

    HubRegistry(
            EngineOptions options,
            Store store,
            Identities identities,
            DeviceLocks locks,
            HubSessions sessions,
            HubC2dQueues queues,
            HubFeedback feedback,
            HubTwins twins,
            Clock clock,
            Ids ids) {
        this.options = options;
        this.store = store;
        this.identities = identities;
        this.locks = locks;
        this.sessions = sessions;
        this.queues = queues;
        this.feedback = feedback;
        this.twins = twins;
        this.clock = clock;
        this.ids = ids;
        this.devices = new AtomicLong(identities.deviceCount());
    }

    @Override
    public ObjectNode get(Identity identity) {
        return view(identities.require(identity));
    }

    @Override
    public ObjectNode create(Identity identity, ObjectNode body) {
        return create(identity, body, TwinDocument.fresh(clock.instant()));
    }

    /** Creates an identity whose twin starts with something in it. */
    ObjectNode create(Identity identity, ObjectNode body, TwinDocument twin) {
        refuseSystemModule(identity);
        if (!identity.isModule() && devices.get() >= options.maxDevices()) {
            throw new HubException(
                    HubError.TOO_MANY_DEVICES, "The hub holds " + options.maxDevices() + " devices and is full");
        }
        StoredIdentity created = IdentityBody.create(identity, body, ids);
        return locks.locked(identity.device(), () -> {
            ObjectNode view = store.inTransaction(documents -> {
                if (identities.find(documents, identity).isPresent()) {
                    throw exists(identity);
                }
                if (identity.isModule()) {
                    identities.require(documents, deviceOf(identity));
                    refuseTooManyModules(documents, identity.device());
                }
                requireScope(documents, created);
                insert(documents, created, twin);
                if (created.edge()) {
                    insertSystemModules(documents, identity);
                }
                return view(created);
            });
            if (!identity.isModule()) {
                devices.incrementAndGet();
            }
            return view;
        });
    }

    @Override
    public ObjectNode update(Identity identity, ObjectNode body, ETagMatch ifMatch) {
        refuseSystemModule(identity);
        return locks.locked(identity.device(), () -> {
            StoredIdentity before = identities.require(identity);
            StoredIdentity after = store.inTransaction(documents -> {
                Identities.Found found = identities.require(documents, identity);
                requireMatch(found.identity(), ifMatch);
                StoredIdentity changed = IdentityBody.update(found.identity(), body, ids, clock.instant());
                requireScope(documents, changed);
                documents.update(
                        Identities.kindOf(identity),
                        identity.clientId(),
                        found.version(),
                        Json.write(changed.toDocument()));
                if (changed.edge() && !found.identity().edge()) {
                    insertSystemModules(documents, identity);
                }
                return changed;
            });
            if (before.enabled() && !after.enabled()) {
                sessions.cut(identity, CloseReason.DISABLED);
                identities
                        .modules(store, identity.device())
                        .forEach(module -> sessions.cut(module.identity(), CloseReason.DISABLED));
            } else if (!before.authentication().equals(after.authentication())) {
                sessions.cut(identity, CloseReason.KEY_CHANGED);
            }
            return view(after);
        });
    }

    /** Gives a device other credentials unless it has them already; everything else of it stays. */
    void updateAuthentication(Identity device, Authentication authentication) {
        if (!identities.require(device).authentication().equals(authentication)) {
            ObjectNode body = Json.object();
            body.set("authentication", authentication.toJson());
            update(device, body, new ETagMatch.Any());
        }
    }

    @Override
    public void delete(Identity identity, ETagMatch ifMatch) {
        refuseSystemModule(identity);
        locks.locked(identity.device(), () -> {
            List<Identity> gone = store.inTransaction(documents -> {
                Identities.Found found = identities.require(documents, identity);
                requireMatch(found.identity(), ifMatch);
                List<Identity> modules = identity.isModule()
                        ? List.of()
                        : identities.modules(documents, identity.device()).stream()
                                .map(StoredIdentity::identity)
                                .toList();
                modules.forEach(module -> remove(documents, module));
                remove(documents, identity);
                return Stream.concat(modules.stream(), Stream.of(identity)).toList();
            });
            gone.forEach(this::forget);
            return gone;
        });
    }

    @Override
    public List<ObjectNode> list(int top) {
        int limit = top >= 1 && top <= MAX_LIST ? top : MAX_LIST;
        return identities.devices(null, limit).stream().map(this::view).toList();
    }

    @Override
    public List<ObjectNode> modules(DeviceId device) {
        identities.require(new Identity(device, null));
        return identities.modules(store, device).stream().map(this::view).toList();
    }

    @Override
    public ObjectNode bulk(ArrayNode items) {
        return new BulkRegistry(this, twins).run(items);
    }

    @Override
    public ObjectNode regenerateKeys(ObjectNode body) {
        return new KeyRotation(this, identities, ids).run(body);
    }

    @Override
    public ObjectNode deviceStatistics() {
        long total = identities.deviceCount();
        long disabled = identities.disabledCount();
        return Json.object()
                .put("totalDeviceCount", total)
                .put("enabledDeviceCount", total - disabled)
                .put("disabledDeviceCount", disabled);
    }

    @Override
    public ObjectNode serviceStatistics() {
        return Json.object().put("connectedDeviceCount", sessions.connectedDevices());
    }

    private ObjectNode view(StoredIdentity identity) {
        return identity.toJson(sessions.presence(identity.identity()), queues.pending(identity.identity()));
    }

    private static void insert(Documents documents, StoredIdentity identity, TwinDocument twin) {
        Identity id = identity.identity();
        documents.insert(Identities.kindOf(id), id.clientId(), Json.write(identity.toDocument()));
        TwinStore.insert(documents, id, twin);
    }

    private void insertSystemModules(Documents documents, Identity device) {
        for (String name : SYSTEM_MODULES) {
            Identity module = Identity.module(device.deviceId(), name);
            JsonNode body =
                    Json.object().put("managedBy", "iotEdge").set("authentication", Authentication.NONE.toJson());
            insert(documents, IdentityBody.create(module, body, ids), TwinDocument.fresh(clock.instant()));
        }
    }

    private void remove(Documents documents, Identity identity) {
        long version = identities.require(documents, identity).version();
        documents.delete(Identities.kindOf(identity), identity.clientId(), version);
        TwinStore.delete(documents, identity);
    }

    private void forget(Identity identity) {
        if (!identity.isModule()) {
            devices.decrementAndGet();
        }
        sessions.cut(identity, CloseReason.DELETED);
        queues.drop(identity);
        sessions.forget(identity);
        if (!identity.isModule()) {
            feedback.forgetDevice(identity.deviceId());
        }
    }

    private static void requireMatch(StoredIdentity identity, ETagMatch ifMatch) {
        if (!ifMatch.allows(identity.etag())) {
            throw new HubException(HubError.PRECONDITION_FAILED, "Precondition failed: Device version did not match.");
        }
    }

    /** A leaf's scope must be that of an edge device there is: {@code ms-azure-iot-edge://{device}-{number}}. */
    private void requireScope(Documents documents, StoredIdentity identity) {
        String scope = identity.deviceScope();
        if (scope == null || identity.edge()) {
            return;
        }
        boolean known = upper(scope)
                .flatMap(edge -> identities.find(documents, edge))
                .filter(parent -> parent.identity().edge()
                        && scope.equals(parent.identity().deviceScope()))
                .isPresent();
        if (!known) {
            throw new HubException(
                    HubError.INVALID_DEVICE_SCOPE, "deviceScope [" + scope + "] belongs to no edge device of this hub");
        }
    }

    /** The device that a scope names, if it can be one. */
    private static Optional<Identity> upper(String scope) {
        int dash = scope.lastIndexOf('-');
        if (dash <= IdentityBody.SCOPE_PREFIX.length()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Identity.device(scope.substring(IdentityBody.SCOPE_PREFIX.length(), dash)));
        } catch (InvalidInputException noId) {
            return Optional.empty();
        }
    }

    private void refuseTooManyModules(Documents documents, DeviceId device) {
        long own = identities.modules(documents, device).stream()
                .filter(module -> !isSystemModule(module.identity()))
                .count();
        if (own >= MAX_MODULES) {
            throw new HubException(
                    HubError.TOO_MANY_MODULES_ON_DEVICE,
                    "Device '" + device + "' has " + own + " modules; the limit is " + MAX_MODULES);
        }
    }

    private static void refuseSystemModule(Identity identity) {
        if (isSystemModule(identity)) {
            throw new HubException(
                    HubError.SYSTEM_MODULE_MODIFY_UNAUTHORIZED_ACCESS,
                    "Module '" + identity.moduleId().orElseThrow() + "' belongs to the system");
        }
    }

    /** Whether it belongs to the Edge runtime, which comes with an edge device. */
    static boolean isSystemModule(Identity identity) {
        return identity.moduleId().filter(SYSTEM_MODULES::contains).isPresent();
    }

    private static Identity deviceOf(Identity module) {
        return new Identity(module.device(), null);
    }

    private static HubException exists(Identity identity) {
        return identity.moduleId()
                .map(module -> new HubException(
                        HubError.MODULE_ALREADY_EXISTS_ON_DEVICE,
                        "A module with ID '" + module + "' is already registered on device '" + identity.deviceId()
                                + "'."))
                .orElseGet(() -> new HubException(
                        HubError.DEVICE_ALREADY_EXISTS,
                        "A device with ID '" + identity.deviceId() + "' is already registered."));
    }
}
