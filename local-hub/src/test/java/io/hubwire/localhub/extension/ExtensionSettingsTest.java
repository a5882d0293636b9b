package io.hubwire.localhub.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.throttling.Tier;
import io.hubwire.protocol.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The file and the environment of the extension. */
class ExtensionSettingsTest {
    private static final Path HOME = Path.of("/opt/hivemq/extensions/hubwire");
    private static final Path FILE = HOME.resolve("conf/hubwire.properties");
    private static final ExtensionSettings DEFAULTS = new ExtensionSettings(
            List.of(), List.of(), 8883, 8443, 5671, 0, HOME.resolve("ca"), null, false, null, null);

    @Test
    void an_empty_file_means_the_defaults() {
        assertThat(read("", Map.of())).isEqualTo(DEFAULTS);
        assertThat(read("# nothing\n\n  # = more\nhost =\n", Map.of())).isEqualTo(DEFAULTS);
    }

    @Test
    void everything_can_be_set_in_the_file() {
        String text = """
                host = hub.example, 192.0.2.1
                bind=0.0.0.0
                  mqtt.port = 1
                https.port=443
                amqp.port = 0
                amqp.advertised.port = 15671
                ca.folder = C:\\ca
                data.folder = /var/lib/hubwire/../hub
                fsync = true
                keys.file = secret = keys.json
                quota = S2
                """;
        assertThat(read(text.replace("\n", "\r\n"), Map.of()))
                .isEqualTo(new ExtensionSettings(
                        List.of("hub.example", "192.0.2.1"),
                        List.of("0.0.0.0"),
                        1,
                        443,
                        0,
                        15_671,
                        HOME.resolve("C:\\ca"),
                        Path.of("/var/lib/hub"),
                        true,
                        HOME.resolve("secret = keys.json"),
                        Tier.S2));
    }

    @Test
    void everything_can_be_set_in_the_environment_which_wins() {
        Map<String, String> environment = Map.ofEntries(
                Map.entry("HUBWIRE_HOST", "hub.example,other.example"),
                Map.entry("HUBWIRE_BIND", "0.0.0.0, ::"),
                Map.entry("HUBWIRE_MQTT_PORT", "1"),
                Map.entry("HUBWIRE_HTTPS_PORT", "2"),
                Map.entry("HUBWIRE_AMQP_PORT", "65535"),
                Map.entry("HUBWIRE_AMQP_ADVERTISED_PORT", "4"),
                Map.entry("HUBWIRE_CA_DIR", "/ca"),
                Map.entry("HUBWIRE_DATA", "data"),
                Map.entry("HUBWIRE_FSYNC", "true"),
                Map.entry("HUBWIRE_KEYS_FILE", "/keys"),
                Map.entry("HUBWIRE_QUOTA", "F1"),
                Map.entry("HUBWIRE_HOME", "not ours"));
        ExtensionSettings expected = new ExtensionSettings(
                List.of("hub.example", "other.example"),
                List.of("0.0.0.0", "::"),
                1,
                2,
                65_535,
                4,
                Path.of("/ca"),
                HOME.resolve("data"),
                true,
                Path.of("/keys"),
                Tier.F1);
        assertThat(read(null, environment)).isEqualTo(expected);
        assertThat(read("mqtt.port = 7\nfsync = false\nquota = none", environment))
                .isEqualTo(expected);
        assertThat(read("mqtt.port = 7\nquota = S3", Map.of("HUBWIRE_MQTT_PORT", " ", "HUBWIRE_QUOTA", "none")))
                .isEqualTo(new ExtensionSettings(
                        List.of(), List.of(), 7, 8443, 5671, 0, HOME.resolve("ca"), null, false, null, null));
    }

    @Test
    void no_configuration_at_all_is_refused_with_all_that_is_possible() {
        assertThatThrownBy(() -> read(null, Map.of("HUBWIRE_MQTT_PORT", "", "PATH", "/bin")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[" + FILE + "]")
                .satisfies(e -> {
                    for (Setting setting : Setting.values()) {
                        assertThat(e).hasMessageContaining(setting.variable());
                    }
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    mqtt.port = 65536      | [mqtt.port] in line 2 of [FILE]: [65536] is no port; ports are 0 to 65535, and 0 is any free one
                    mqtt.port = -1         | [mqtt.port] in line 2 of [FILE]: [-1] is no port; ports are 0 to 65535, and 0 is any free one
                    https.port = 4294967297 | [https.port] in line 2 of [FILE]: [4294967297] is no port; ports are 0 to 65535, and 0 is any free one
                    amqp.port = amqps      | [amqp.port] in line 2 of [FILE]: [amqps] is no port; ports are 0 to 65535, and 0 is any free one
                    fsync = yes            | [fsync] in line 2 of [FILE]: [yes] must be true or false
                    fsync = true           | [fsync] in line 2 of [FILE]: [true] needs [data.folder] or [HUBWIRE_DATA]: there is no disk to wait for
                    quota = s1             | [quota] in line 2 of [FILE]: [s1] must be none or one of F1, S1, S2, S3
                    host = a,,b            | [host] in line 2 of [FILE]: [a,,b] has an empty item; write names separated by commas
                    host = https://hub     | [host] in line 2 of [FILE]: [https://hub] is no list of host names and addresses; they are of letters, digits and [._:-]
                    mqtt_port = 1          | [mqtt_port] in line 2 of [FILE] is no setting; there are host, bind, mqtt.port, https.port, amqp.port, amqp.advertised.port, ca.folder, data.folder, fsync, keys.file, quota
                    = 1                    | [] in line 2 of [FILE] is no setting; there are host, bind, mqtt.port, https.port, amqp.port, amqp.advertised.port, ca.folder, data.folder, fsync, keys.file, quota
                    c2VjcmV0               | line 2 of [FILE] has no [=]; a setting is a line of the form name = value
                    """)
    void a_wrong_line_is_refused_with_its_place_and_the_rule(String line, String error) {
        assertThatThrownBy(() -> read("# hub\n" + line, Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(error.replace("FILE", FILE.toString()));
    }

    @Test
    void a_setting_that_is_there_twice_is_refused() {
        assertThatThrownBy(() -> read("mqtt.port = 1\nmqtt.port = 1", Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[mqtt.port] in line 2")
                .hasMessageContaining("second time");
    }

    @Test
    void a_wrong_variable_is_refused_by_its_name() {
        assertThatThrownBy(() -> read("", Map.of("HUBWIRE_MQTT_PORT", "x")))
                .hasMessage(
                        "variable [HUBWIRE_MQTT_PORT]: [x] is no port; ports are 0 to 65535, and 0 is any free one");
        assertThatThrownBy(() -> read("", Map.of("HUBWIRE_FSYNC", "true")))
                .hasMessage("variable [HUBWIRE_FSYNC]: [true] needs [data.folder] or [HUBWIRE_DATA]:"
                        + " there is no disk to wait for");
        assertThatThrownBy(() -> read("", Map.of("HUBWIRE_DATA", "a\0b")))
                .hasMessageStartingWith("variable [HUBWIRE_DATA]")
                .hasMessageContaining("is no path");
    }

    /** What the archive's own file says is commented out, so that it cannot go wrong; but it must not mislead. */
    @ParameterizedTest
    @EnumSource(Setting.class)
    void the_file_in_the_archive_explains_each_setting(Setting setting) throws Exception {
        String file = Files.readString(Path.of("src/main/extension/conf/hubwire.properties"));
        assertThat(read(file, Map.of())).isEqualTo(DEFAULTS);
        assertThat(file).contains(setting.variable());
        String line = file.lines()
                .filter(l -> l.startsWith("#" + setting.property() + " = "))
                .findFirst()
                .orElseThrow()
                .substring(1);
        ExtensionSettings said = read(line + "\ndata.folder = data".repeat(setting == Setting.FSYNC ? 1 : 0), Map.of());
        switch (setting) {
            case HOST -> assertThat(said.hosts()).containsExactly("localhost");
            case BIND -> assertThat(said.addresses()).containsExactly("127.0.0.1", "::1");
            case AMQP_ADVERTISED_PORT -> assertThat(said.amqpAdvertisedPort()).isEqualTo(said.amqpPort());
            case DATA_FOLDER -> assertThat(said.dataFolder()).isEqualTo(HOME.resolve("data"));
            case KEYS_FILE -> assertThat(said.keysFile()).isEqualTo(HOME.resolve("keys.json"));
            case FSYNC -> assertThat(said.fsync()).isFalse();
            default -> assertThat(said).isEqualTo(DEFAULTS);
        }
    }

    private static ExtensionSettings read(@Nullable String text, Map<String, String> environment) {
        return ExtensionSettings.of(FILE, text, environment, HOME);
    }
}
