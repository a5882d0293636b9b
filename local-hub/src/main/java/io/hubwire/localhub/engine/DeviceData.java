package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.Identity;
import java.util.List;

/**
 * What moves with a device from hub to hub: identity, twin, modules with theirs. Queued messages do not. Source: dps 4 and
 * 6.4.
 *
 * @param body the identity in the JSON of the service API
 */
record DeviceData(Identity device, ObjectNode body, TwinDocument twin, List<ModuleData> modules) {
    DeviceData {
        modules = List.copyOf(modules);
    }

    /** The same device with another twin; its modules keep theirs. */
    DeviceData withTwin(TwinDocument other) {
        return new DeviceData(device, body, other, modules);
    }

    /** A module of the device. */
    record ModuleData(Identity module, ObjectNode body, TwinDocument twin) {}
}
