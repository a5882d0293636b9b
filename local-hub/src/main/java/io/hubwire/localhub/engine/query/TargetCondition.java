package io.hubwire.localhub.engine.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What a job or a configuration is for: the part of a query after WHERE, {@code *} for all devices, or with a collection
 * in front, {@code FROM devices.modules WHERE moduleId = 'm'}. Immutable and thread-safe. Sources: service-rest 8 and 10.
 */
public final class TargetCondition {
    private final Source source;
    private final Optional<Expression> condition;

    TargetCondition(Source source, Optional<Expression> condition) {
        this.source = source;
        this.condition = condition;
    }

    /** @throws QueryException when it is too long, does not parse, or is about {@code devices.jobs} */
    public static TargetCondition parse(String text) {
        return QueryReader.target(text);
    }

    /** {@link Source#DEVICES} or {@link Source#MODULES}. */
    public Source source() {
        return source;
    }

    /** Whether a twin is meant. */
    public boolean matches(JsonNode twin) {
        return HubQuery.isTrue(condition, twin);
    }
}
