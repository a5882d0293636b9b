package io.hubwire.localhub.extension;

import io.hubwire.protocol.InvalidInputException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The text of {@code hubwire.properties}: one {@code name = value} a line; lines that begin with {@code #} say nothing, and
 * so does an empty value. No escapes, so a path of Windows is written as it is. Pure.
 */
final class SettingsFile {
    private SettingsFile() {}

    /**
     * A value and where it was found.
     *
     * @param source for error texts, such as {@code [mqtt.port] in line 7 of [hubwire.properties]}
     */
    record Value(String text, String source) {}

    /**
     * What a file sets.
     *
     * @param name of the file, for error texts
     * @throws InvalidInputException naming line and rule, for a line that is no setting, a name that is unknown or there
     *     twice
     */
    static Map<Setting, Value> parse(String name, String text) {
        Map<Setting, Value> found = new EnumMap<>(Setting.class);
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = "line " + (i + 1) + " of [" + name + "]";
            int equals = line.indexOf('=');
            if (equals < 0) {
                // not shown: it may be a key that was pasted here
                throw new InvalidInputException(where + " has no [=]; a setting is a line of the form name = value");
            }
            String key = line.substring(0, equals).strip();
            Setting setting = Setting.ofProperty(key).orElseThrow(() -> unknown(key, where));
            String value = line.substring(equals + 1).strip();
            if (!value.isEmpty() && found.put(setting, new Value(value, "[" + key + "] in " + where)) != null) {
                throw new InvalidInputException("[" + key + "] in " + where + " is there a second time; say it once");
            }
        }
        return found;
    }

    private static InvalidInputException unknown(String key, String where) {
        return new InvalidInputException("[" + key + "] in " + where + " is no setting; there are "
                + String.join(
                        ", ", Stream.of(Setting.values()).map(Setting::property).toList()));
    }
}
