package io.hubwire.localhub.engine;

import io.hubwire.protocol.WireTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times of the service API that may never have been. Source: service-rest 2.2. */
final class Times {
    /** What stands for a time that never was; without a {@code Z}. */
    static final String NEVER = "0001-01-01T00:00:00";

    private Times() {}

    static String orNever(@Nullable Instant time) {
        return time == null ? NEVER : WireTime.format(time);
    }
}
