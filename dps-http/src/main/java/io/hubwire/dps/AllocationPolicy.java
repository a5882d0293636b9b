package io.hubwire.dps;

import java.util.Optional;
import java.util.stream.Stream;

/** How DPS chooses among the linked hubs. Source: dps 6.2. */
public enum AllocationPolicy {
    /** Evenly by weight; the default. */
    HASHED("hashed"),
    /** The hub with the lowest latency for the device. */
    GEO_LATENCY("geoLatency"),
    /** The one hub named. */
    STATIC("static"),
    /** A webhook decides. */
    CUSTOM("custom");

    private final String wireName;

    AllocationPolicy(String wireName) {
        this.wireName = wireName;
    }

    /** As in JSON. */
    public String wireName() {
        return wireName;
    }

    static Optional<AllocationPolicy> of(String wireName) {
        return Stream.of(values())
                .filter(p -> p.wireName.equalsIgnoreCase(wireName))
                .findFirst();
    }
}
