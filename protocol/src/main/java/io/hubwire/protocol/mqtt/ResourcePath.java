package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Malformed;
import io.hubwire.protocol.ModuleId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code devices/{d}} or {@code devices/{d}/modules/{m}} that a topic begins with, ids not yet checked.
 *
 * @param device the device id's text
 * @param module the module id's text, or null for a device
 * @param end index of the first character behind the tail that was looked for
 */
record ResourcePath(String device, @Nullable String module, int end) {
    private static final String DEVICES = "devices/";
    private static final String MODULES = "/modules/";

    /**
     * Anchored at the start: {@code devices/{d}[/modules/{m}]} and {@code tail}, then the end or a slash.
     *
     * @param tail begins with a slash
     */
    static Optional<ResourcePath> find(String topic, String tail) {
        int deviceEnd = topic.startsWith(DEVICES) ? topic.indexOf('/', DEVICES.length()) : -1;
        if (deviceEnd < 0) {
            return Optional.empty();
        }
        String device = topic.substring(DEVICES.length(), deviceEnd);
        if (endsThere(topic, tail, deviceEnd)) {
            return Optional.of(new ResourcePath(device, null, deviceEnd + tail.length()));
        }
        int moduleStart = deviceEnd + MODULES.length();
        int moduleEnd = topic.startsWith(MODULES, deviceEnd) ? topic.indexOf('/', moduleStart) : -1;
        if (moduleEnd < 0 || !endsThere(topic, tail, moduleEnd)) {
            return Optional.empty();
        }
        return Optional.of(
                new ResourcePath(device, topic.substring(moduleStart, moduleEnd), moduleEnd + tail.length()));
    }

    private static boolean endsThere(String topic, String tail, int at) {
        int end = at + tail.length();
        return topic.startsWith(tail, at) && (end == topic.length() || topic.charAt(end) == '/');
    }

    /** The ids, checked; {@code what} and {@code topic} are for the complaint. */
    Identity identity(String what, String topic) {
        try {
            return new Identity(new DeviceId(device), module == null ? null : new ModuleId(module));
        } catch (InvalidInputException e) {
            throw Malformed.because(what, topic, e);
        }
    }
}
