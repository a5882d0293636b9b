package io.hubwire.localhub.engine.query;

import java.util.List;
import java.util.Set;

/** What can stand after FROM. Source: service-rest 7, "collection". */
public enum Source {
    /** Twins of devices. */
    DEVICES(List.of("devices"), "Twin", Set.of()),
    /** Twins of modules. */
    MODULES(List.of("devices", "modules"), "Twin", Set.of()),
    /** What jobs did on each device. */
    JOBS(
            List.of("devices", "jobs"),
            "DeviceJob",
            Set.of(
                    "deviceid",
                    "moduleid",
                    "jobid",
                    "jobtype",
                    "status",
                    "starttimeutc",
                    "endtimeutc",
                    "createddatetimeutc",
                    "lastupdateddatetimeutc",
                    "outcome",
                    "error"));

    private final List<String> words;
    private final String itemType;
    private final Set<String> roots;

    Source(List<String> words, String itemType, Set<String> roots) {
        this.words = words;
        this.itemType = itemType;
        this.roots = roots;
    }

    /** As in a query: {@code devices.modules}. */
    public String text() {
        return String.join(".", words);
    }

    /** {@code x-ms-item-type} of {@code SELECT *}. */
    public String itemType() {
        return itemType;
    }

    List<String> words() {
        return words;
    }

    /** Names a path may begin with, in lower case; empty for any. */
    Set<String> roots() {
        return roots;
    }
}
