package io.hubwire.service;

/** Which of an identity's two symmetric keys. Source: service-rest 2.5. */
public enum KeyChoice {
    PRIMARY("primaryKey"),
    SECONDARY("secondaryKey"),
    BOTH("both");

    private final String wireName;

    KeyChoice(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }
}
