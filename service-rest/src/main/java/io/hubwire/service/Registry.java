package io.hubwire.service;

import io.hubwire.https.Await;
import io.hubwire.https.HttpsResponse;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Device and module identities. Failures as {@link ServiceClient} says; those that matter here are {@code NOT_FOUND},
 * {@code CONFLICT} for an id that is taken, and {@code PRECONDITION_FAILED} for an ETag that is no longer the current one.
 * Needs a policy with registry rights. Source: service-rest 2 and 3.
 */
public final class Registry {
    private final ServiceCalls calls;
    private final Blocking blocking = new Blocking();

    Registry(ServiceCalls calls) {
        this.calls = calls;
    }

    /** The same, waiting. */
    public Blocking blocking() {
        return blocking;
    }

    /** Creates a device; completes with what the hub made of it, keys included. {@code CONFLICT} when the id is taken. */
    public CompletableFuture<Device> create(Device device) {
        return calls.send(RegistryRequests.create(device)).thenApply(Registry::device);
    }

    /** Reads a device, keys included. {@code NOT_FOUND} when there is none. */
    public CompletableFuture<Device> get(DeviceId id) {
        return calls.send(RegistryRequests.get(id)).thenApply(Registry::device);
    }

    /**
     * Replaces a device that was read before, unless someone changed it since: {@code PRECONDITION_FAILED}.
     * Members only the hub may set are ignored.
     *
     * @throws InvalidInputException when {@code device} has no ETag
     */
    public CompletableFuture<Device> update(Device device) {
        return update(device, device.etag().map(IfMatch::of).orElseThrow(() -> withoutTag(device.id())));
    }

    /** Replaces a device. {@code NOT_FOUND} when there is none, {@code PRECONDITION_FAILED} as the condition says. */
    public CompletableFuture<Device> update(Device device, IfMatch condition) {
        return calls.send(RegistryRequests.update(device, condition)).thenApply(Registry::device);
    }

    /**
     * Deletes a device with its twin, modules and waiting messages. With {@link IfMatch#ANY} it is repeated when the answer
     * is lost, and may then find that there is nothing left: {@code NOT_FOUND}.
     */
    public CompletableFuture<Void> delete(DeviceId id, IfMatch condition) {
        return calls.send(RegistryRequests.delete(id, condition)).thenAccept(answer -> {});
    }

    /**
     * Some devices, in no particular order and without a way to go on: for more, query.
     *
     * @param top 1 to 1,000
     * @throws InvalidInputException when {@code top} is out of that range
     */
    public CompletableFuture<List<Device>> list(int top) {
        return calls.send(RegistryRequests.list(top))
                .thenApply(answer -> Answers.list("list of devices", answer, Device::read));
    }

    /**
     * Creates a module; completes with what the hub made of it, keys included. {@code NOT_FOUND} when there is no such
     * device, {@code CONFLICT} when the id is taken.
     */
    public CompletableFuture<Module> createModule(Module module) {
        return calls.send(RegistryRequests.createModule(module)).thenApply(Registry::module);
    }

    /**
     * Reads a module, keys included. {@code NOT_FOUND} when there is none.
     *
     * @throws InvalidInputException when {@code id} is a device's
     */
    public CompletableFuture<Module> getModule(Identity id) {
        return calls.send(RegistryRequests.getModule(id)).thenApply(Registry::module);
    }

    /** Replaces a module. {@code NOT_FOUND} when there is none, {@code PRECONDITION_FAILED} as the condition says. */
    public CompletableFuture<Module> updateModule(Module module, IfMatch condition) {
        return calls.send(RegistryRequests.updateModule(module, condition)).thenApply(Registry::module);
    }

    /**
     * Deletes a module with its twin. {@code NOT_FOUND} when there is none, {@code PRECONDITION_FAILED} as the condition says.
     *
     * @throws InvalidInputException when {@code id} is a device's
     */
    public CompletableFuture<Void> deleteModule(Identity id, IfMatch condition) {
        return calls.send(RegistryRequests.deleteModule(id, condition)).thenAccept(answer -> {});
    }

    /** All modules of a device, at most 50. {@code NOT_FOUND} when there is no such device. */
    public CompletableFuture<List<Module>> listModules(DeviceId device) {
        return calls.send(RegistryRequests.listModules(device))
                .thenApply(answer -> Answers.list("list of modules", answer, Module::read));
    }

    /**
     * Changes up to 100 identities in one call; each by itself, so some may be done and others not.
     *
     * @return what was not done; a partial failure is a result, not an exception
     * @throws InvalidInputException when there are no entries, more than 100, or two for one identity
     */
    public CompletableFuture<BulkResult> bulk(List<BulkEntry> entries) {
        return calls.send(RegistryRequests.bulk(entries), BulkResult::isIn).thenApply(BulkResult::read);
    }

    /**
     * Has the hub make new keys for up to 100 identities; each by itself, so some may be done and others not. Devices that
     * are connected by a key that is no more are not cut by this call. Never repeated by itself: a second time makes other keys.
     *
     * @return the keys they have then; a partial failure is a result, not an exception
     * @throws InvalidInputException when there are no identities or more than 100, or when the client's api-version is older
     *     than 2024-03-31
     */
    public CompletableFuture<RotatedKeys> regenerateKeys(KeyChoice which, List<Identity> identities) {
        calls.requireVersion(ServiceOptions.KEY_REGENERATION, "regeneration of keys");
        return calls.send(RegistryRequests.regenerateKeys(which, identities), RotatedKeys::isIn)
                .thenApply(RotatedKeys::read);
    }

    private static Device device(HttpsResponse answer) {
        return Device.read(Answers.entity("device", answer));
    }

    private static Module module(HttpsResponse answer) {
        return Module.read(Answers.entity("module", answer));
    }

    private static InvalidInputException withoutTag(DeviceId id) {
        return new InvalidInputException(
                "device [" + id + "] has no ETag to compare with; read it first, or update with IfMatch.ANY");
    }

    /** {@link Registry}, waiting for each answer; failures are thrown. */
    public final class Blocking {
        private Blocking() {}

        /** @see Registry#create */
        public Device create(Device device) {
            return Await.on(Registry.this.create(device));
        }

        /** @see Registry#get */
        public Device get(DeviceId id) {
            return Await.on(Registry.this.get(id));
        }

        /** @see Registry#update(Device) */
        public Device update(Device device) {
            return Await.on(Registry.this.update(device));
        }

        /** @see Registry#update(Device, IfMatch) */
        public Device update(Device device, IfMatch condition) {
            return Await.on(Registry.this.update(device, condition));
        }

        /** @see Registry#delete */
        public void delete(DeviceId id, IfMatch condition) {
            Await.on(Registry.this.delete(id, condition));
        }

        /** @see Registry#list */
        public List<Device> list(int top) {
            return Await.on(Registry.this.list(top));
        }

        /** @see Registry#createModule */
        public Module createModule(Module module) {
            return Await.on(Registry.this.createModule(module));
        }

        /** @see Registry#getModule */
        public Module getModule(Identity id) {
            return Await.on(Registry.this.getModule(id));
        }

        /** @see Registry#updateModule */
        public Module updateModule(Module module, IfMatch condition) {
            return Await.on(Registry.this.updateModule(module, condition));
        }

        /** @see Registry#deleteModule */
        public void deleteModule(Identity id, IfMatch condition) {
            Await.on(Registry.this.deleteModule(id, condition));
        }

        /** @see Registry#listModules */
        public List<Module> listModules(DeviceId device) {
            return Await.on(Registry.this.listModules(device));
        }

        /** @see Registry#regenerateKeys */
        public RotatedKeys regenerateKeys(KeyChoice which, List<Identity> identities) {
            return Await.on(Registry.this.regenerateKeys(which, identities));
        }

        /** @see Registry#bulk */
        public BulkResult bulk(List<BulkEntry> entries) {
            return Await.on(Registry.this.bulk(entries));
        }
    }
}
