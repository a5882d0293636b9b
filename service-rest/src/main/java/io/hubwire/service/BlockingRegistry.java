package io.hubwire.service;

import io.hubwire.https.Await;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import java.util.List;

/** {@link Registry}, waiting for each answer; failures are thrown. */
public final class BlockingRegistry {
    private final Registry async;

    BlockingRegistry(Registry async) {
        this.async = async;
    }

    /** @see Registry#create */
    public Device create(Device device) {
        return Await.on(async.create(device));
    }

    /** @see Registry#get */
    public Device get(DeviceId id) {
        return Await.on(async.get(id));
    }

    /** @see Registry#update(Device) */
    public Device update(Device device) {
        return Await.on(async.update(device));
    }

    /** @see Registry#update(Device, IfMatch) */
    public Device update(Device device, IfMatch condition) {
        return Await.on(async.update(device, condition));
    }

    /** @see Registry#delete */
    public void delete(DeviceId id, IfMatch condition) {
        Await.on(async.delete(id, condition));
    }

    /** @see Registry#list */
    public List<Device> list(int top) {
        return Await.on(async.list(top));
    }

    /** @see Registry#createModule */
    public Module createModule(Module module) {
        return Await.on(async.createModule(module));
    }

    /** @see Registry#getModule */
    public Module getModule(Identity id) {
        return Await.on(async.getModule(id));
    }

    /** @see Registry#updateModule */
    public Module updateModule(Module module, IfMatch condition) {
        return Await.on(async.updateModule(module, condition));
    }

    /** @see Registry#deleteModule */
    public void deleteModule(Identity id, IfMatch condition) {
        Await.on(async.deleteModule(id, condition));
    }

    /** @see Registry#listModules */
    public List<Module> listModules(DeviceId device) {
        return Await.on(async.listModules(device));
    }

    /** @see Registry#bulk */
    public BulkResult bulk(List<BulkEntry> entries) {
        return Await.on(async.bulk(entries));
    }
}
