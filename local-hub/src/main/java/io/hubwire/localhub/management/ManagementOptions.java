package io.hubwire.localhub.management;

import java.time.Duration;

/**
 * What no source settles, or a test wants faster.
 *
 * @param continuationLife how long the token of a query's next page is good
 * @param configurationInterval how long a device waits at most for its configuration; the real service takes minutes
 */
public record ManagementOptions(Duration continuationLife, Duration configurationInterval) {
    /** Five minutes; five seconds. */
    public static ManagementOptions defaults() {
        return new ManagementOptions(Duration.ofMinutes(5), Duration.ofSeconds(5));
    }

    /** A copy with another pace of configurations. */
    public ManagementOptions withConfigurationInterval(Duration value) {
        return new ManagementOptions(continuationLife, value);
    }
}
