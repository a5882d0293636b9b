package io.hubwire.protocol;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who speaks or is spoken to: a device, or a module on a device.
 *
 * @param device the device
 * @param module the module, or null when the device itself is meant
 */
public record Identity(DeviceId device, @Nullable ModuleId module) {
    /** A device. @throws InvalidInputException when the id breaks the rule of {@link DeviceId} */
    public static Identity device(String deviceId) {
        return new Identity(new DeviceId(deviceId), null);
    }

    /** A module. @throws InvalidInputException when an id breaks its rule */
    public static Identity module(String deviceId, String moduleId) {
        return new Identity(new DeviceId(deviceId), new ModuleId(moduleId));
    }

    /** The device id's text. */
    public String deviceId() {
        return device.value();
    }

    /** The module id's text, or empty for a device. */
    public Optional<String> moduleId() {
        return Optional.ofNullable(module).map(ModuleId::value);
    }

    public boolean isModule() {
        return module != null;
    }

    /** The MQTT client id, {@code {d}} or {@code {d}/{m}}. Source: mqtt-device 1.2. */
    public String clientId() {
        return module == null ? device.value() : device.value() + "/" + module.value();
    }

    /** The resource below the host, unencoded: {@code devices/{d}} or {@code devices/{d}/modules/{m}}. */
    public String resource() {
        return module == null
                ? "devices/" + device.value()
                : "devices/" + device.value() + "/modules/" + module.value();
    }

    @Override
    public String toString() {
        return clientId();
    }
}
