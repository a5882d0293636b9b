package io.hubwire.dps;

/** What a second registration does when the hub would change. Source: dps 4. */
public enum ReprovisionPolicy {
    /** Move to the new hub and take twin and registry data along; the default. */
    MIGRATE(true, true),
    /** Move to the new hub and start from the initial twin. */
    RESET(true, false),
    /** Stay at the first hub. */
    NEVER(false, false);

    private final boolean updateHubAssignment;
    private final boolean migrateDeviceData;

    ReprovisionPolicy(boolean updateHubAssignment, boolean migrateDeviceData) {
        this.updateHubAssignment = updateHubAssignment;
        this.migrateDeviceData = migrateDeviceData;
    }

    boolean updateHubAssignment() {
        return updateHubAssignment;
    }

    boolean migrateDeviceData() {
        return migrateDeviceData;
    }

    static ReprovisionPolicy of(boolean updateHubAssignment, boolean migrateDeviceData) {
        if (!updateHubAssignment) {
            return NEVER;
        }
        return migrateDeviceData ? MIGRATE : RESET;
    }
}
