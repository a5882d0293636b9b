package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.DeviceData.ModuleData;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A hub to which a DPS may assign devices, and what the DPS does there. Its methods throw {@link HubException} as the
 * registry does.
 *
 * @param latency how far it is from the devices, as the geo-latency policy is made to believe
 * @param stopped whether it can no longer be written to
 */
record LinkedHub(HubNames names, HubRegistry registry, HubTwins twins, Duration latency, BooleanSupplier stopped) {
    /** The name by which enrollments, webhooks and records know it. */
    String host() {
        return names.primaryHost();
    }

    /**
     * Sees to it that the device is there with these credentials: a new one starts with the twin given, an old one keeps
     * what it has.
     */
    void provide(Identity device, Authentication authentication, boolean edge, TwinDocument twin) {
        ObjectNode body = Json.object();
        body.set("authentication", authentication.toJson());
        body.putObject("capabilities").put("iotEdge", edge);
        try {
            registry.create(device, body, twin);
        } catch (HubException e) {
            if (e.error() != HubError.DEVICE_ALREADY_EXISTS) {
                throw e;
            }
            registry.updateAuthentication(device, authentication);
        }
    }

    /** Removes the device with all that it had, if it is there. */
    void remove(Identity device) {
        try {
            registry.delete(device, new ETagMatch.Any());
        } catch (HubException e) {
            if (e.error() != HubError.DEVICE_NOT_FOUND) {
                throw e;
            }
        }
    }

    /** What a device would take along to another hub; empty when it is not here. */
    Optional<DeviceData> export(Identity device) {
        try {
            List<ModuleData> modules = new ArrayList<>();
            for (ObjectNode module : registry.modules(device.device())) {
                Identity id = Identity.module(
                        device.deviceId(), module.path("moduleId").asText());
                modules.add(new ModuleData(id, module, twins.document(id)));
            }
            return Optional.of(new DeviceData(device, registry.get(device), twins.document(device), modules));
        } catch (HubException e) {
            if (e.error() == HubError.DEVICE_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Takes a device over from another hub, in place of one of its name that may be here. */
    void take(DeviceData data, Authentication authentication) {
        remove(data.device());
        ObjectNode body = data.body().deepCopy();
        body.set("authentication", authentication.toJson());
        body.remove(List.of("deviceScope", "parentScopes")); // of an edge device of the other hub
        registry.create(data.device(), body, data.twin());
        for (ModuleData module : data.modules()) {
            if (HubRegistry.isSystemModule(module.module())) {
                twins.overwrite(module.module(), module.twin());
            } else {
                registry.create(module.module(), module.body(), module.twin());
            }
        }
    }
}
