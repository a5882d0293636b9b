package io.hubwire.service;

import java.util.Locale;

/** How far a job is. Source: service-rest 8. */
public enum JobStatus {
    ENQUEUED(false),
    QUEUED(false),
    SCHEDULED(false),
    RUNNING(false),
    COMPLETED(true),
    FAILED(true),
    CANCELLED(true),
    /** Also anything newer than this version. */
    UNKNOWN(false);

    private final boolean end;

    JobStatus(boolean end) {
        this.end = end;
    }

    /** Whether it stays so. */
    public boolean isEnd() {
        return end;
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static JobStatus of(String wireName) {
        for (JobStatus status : values()) {
            if (status.wireName().equalsIgnoreCase(wireName)) {
                return status;
            }
        }
        return UNKNOWN;
    }
}
