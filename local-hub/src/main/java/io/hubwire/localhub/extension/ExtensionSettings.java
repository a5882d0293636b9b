package io.hubwire.localhub.extension;

import io.hubwire.localhub.extension.SettingsFile.Value;
import io.hubwire.localhub.throttling.Tier;
import io.hubwire.protocol.InvalidInputException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the extension is to be, with the meaning and the defaults of the options of {@code hubwire hub start}.
 *
 * @param hosts names by which the hub is called, the first is advertised; may be empty
 * @param addresses to listen on, as given; empty means loopback
 * @param mqttPort 0 to 65535; 0 means any free one, as with the other ports
 * @param amqpAdvertisedPort the port that readers of events are sent to; 0 means {@code amqpPort}
 * @param caFolder where the certificate authority is kept
 * @param dataFolder where all the hub knows is kept; null for memory
 * @param fsync whether acknowledged means on the disk
 * @param keysFile keys of one's own; null for the public development keys
 * @param quota null for none
 */
record ExtensionSettings(
        List<String> hosts,
        List<String> addresses,
        int mqttPort,
        int httpsPort,
        int amqpPort,
        int amqpAdvertisedPort,
        Path caFolder,
        @Nullable Path dataFolder,
        boolean fsync,
        @Nullable Path keysFile,
        @Nullable Tier quota) {
    /** Of a host, or an address of either kind. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]+");

    private static final String NO_QUOTA = "none";

    ExtensionSettings {
        hosts = List.copyOf(hosts);
        addresses = List.copyOf(addresses);
    }

    /**
     * Puts file and environment together; the environment wins, a variable that is empty does not count. Pure.
     *
     * @param file where the file is or would be, for error texts
     * @param text what is in it; null when there is no such file
     * @param home what relative paths count from
     * @throws InvalidInputException naming setting, value, place and rule; also when nothing at all is configured
     */
    static ExtensionSettings of(Path file, @Nullable String text, Map<String, String> environment, Path home) {
        Map<Setting, Value> values = new EnumMap<>(Setting.class);
        if (text != null) {
            values.putAll(SettingsFile.parse(file.toString(), text));
        }
        boolean anyVariable = false;
        for (Setting setting : Setting.values()) {
            String value = environment.getOrDefault(setting.variable(), "").strip();
            if (!value.isEmpty()) {
                anyVariable = true;
                values.put(setting, new Value(value, "variable [" + setting.variable() + "]"));
            }
        }
        if (text == null && !anyVariable) {
            throw new InvalidInputException("the hub is not configured: there is no file [" + file
                    + "], and none of the variables "
                    + Stream.of(Setting.values()).map(Setting::variable).collect(Collectors.joining(", "))
                    + " is set; an empty file means the defaults");
        }
        return new Reader(values, home).read();
    }

    private record Reader(Map<Setting, Value> values, Path home) {
        ExtensionSettings read() {
            Path data = path(Setting.DATA_FOLDER);
            boolean fsync = fsync();
            if (fsync && data == null) {
                throw wrong(Setting.FSYNC, "needs [data.folder] or [HUBWIRE_DATA]: there is no disk to wait for");
            }
            Path ca = path(Setting.CA_FOLDER);
            return new ExtensionSettings(
                    list(Setting.HOST),
                    list(Setting.BIND),
                    port(Setting.MQTT_PORT, 8883),
                    port(Setting.HTTPS_PORT, 8443),
                    port(Setting.AMQP_PORT, 5671),
                    port(Setting.AMQP_ADVERTISED_PORT, 0),
                    ca == null ? home.resolve("ca") : ca,
                    data,
                    fsync,
                    path(Setting.KEYS_FILE),
                    quota());
        }

        private List<String> list(Setting setting) {
            Value value = values.get(setting);
            if (value == null) {
                return List.of();
            }
            List<String> items =
                    Stream.of(value.text().split(",", -1)).map(String::strip).toList();
            if (items.contains("")) {
                throw wrong(setting, "has an empty item; write names separated by commas");
            }
            if (!items.stream().allMatch(NAME.asMatchPredicate())) {
                throw wrong(setting, "is no list of host names and addresses; they are of letters, digits and [._:-]");
            }
            return items;
        }

        private int port(Setting setting, int otherwise) {
            Value value = values.get(setting);
            if (value == null) {
                return otherwise;
            }
            // at most five digits, so no number that an int could not hold
            int port = value.text().matches("[0-9]{1,5}") ? Integer.parseInt(value.text()) : -1;
            if (port < 0 || port > 65_535) {
                throw wrong(setting, "is no port; ports are 0 to 65535, and 0 is any free one");
            }
            return port;
        }

        private @Nullable Path path(Setting setting) {
            Value value = values.get(setting);
            try {
                return value == null ? null : home.resolve(value.text()).normalize();
            } catch (InvalidPathException e) {
                throw wrong(setting, "is no path: " + e.getReason());
            }
        }

        private boolean fsync() {
            Value value = values.get(Setting.FSYNC);
            if (value != null && !List.of("true", "false").contains(value.text())) {
                throw wrong(Setting.FSYNC, "must be true or false");
            }
            return value != null && value.text().equals("true");
        }

        private @Nullable Tier quota() {
            Value value = values.get(Setting.QUOTA);
            if (value == null || value.text().equals(NO_QUOTA)) {
                return null;
            }
            return Stream.of(Tier.values())
                    .filter(tier -> tier.name().equals(value.text()))
                    .findFirst()
                    .orElseThrow(() -> wrong(
                            Setting.QUOTA,
                            "must be " + NO_QUOTA + " or one of "
                                    + Stream.of(Tier.values()).map(Tier::name).collect(Collectors.joining(", "))));
        }

        /** None of the settings is a secret; the keys are in a file of their own. */
        private InvalidInputException wrong(Setting setting, String rule) {
            Value value = values.getOrDefault(setting, new Value("", setting.property()));
            return new InvalidInputException(value.source() + ": [" + value.text() + "] " + rule);
        }
    }
}
