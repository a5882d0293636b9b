package io.hubwire.service;

/** Whether an identity may connect. */
public enum IdentityStatus {
    ENABLED("enabled"),
    /** Refused with 403012 or 401 until enabled again. */
    DISABLED("disabled");

    private final String wireName;

    IdentityStatus(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    static IdentityStatus of(String wireName) {
        return wireName.equalsIgnoreCase(DISABLED.wireName) ? DISABLED : ENABLED;
    }
}
