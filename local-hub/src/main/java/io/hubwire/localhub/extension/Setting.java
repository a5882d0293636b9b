package io.hubwire.localhub.extension;

import java.util.Optional;
import java.util.stream.Stream;

/** What can be set, under two names: in the file, and in the environment, which wins. */
enum Setting {
    HOST("host", "HUBWIRE_HOST"),
    BIND("bind", "HUBWIRE_BIND"),
    MQTT_PORT("mqtt.port", "HUBWIRE_MQTT_PORT"),
    HTTPS_PORT("https.port", "HUBWIRE_HTTPS_PORT"),
    AMQP_PORT("amqp.port", "HUBWIRE_AMQP_PORT"),
    AMQP_ADVERTISED_PORT("amqp.advertised.port", "HUBWIRE_AMQP_ADVERTISED_PORT"),
    CA_FOLDER("ca.folder", "HUBWIRE_CA_DIR"),
    DATA_FOLDER("data.folder", "HUBWIRE_DATA"),
    FSYNC("fsync", "HUBWIRE_FSYNC"),
    KEYS_FILE("keys.file", "HUBWIRE_KEYS_FILE"),
    QUOTA("quota", "HUBWIRE_QUOTA");

    private final String property;
    private final String variable;

    Setting(String property, String variable) {
        this.property = property;
        this.variable = variable;
    }

    String property() {
        return property;
    }

    String variable() {
        return variable;
    }

    static Optional<Setting> ofProperty(String name) {
        return Stream.of(values())
                .filter(setting -> setting.property.equals(name))
                .findFirst();
    }
}
