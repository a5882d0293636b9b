package io.hubwire.cli.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a child JVM does. Used by one thread. */
interface Role extends AutoCloseable {
    /** Carries out one request, named by its member {@code do}. */
    ObjectNode answer(JsonNode request) throws Exception;

    @Override
    void close() throws Exception;

    static IllegalArgumentException unknown(JsonNode request) {
        return new IllegalArgumentException("unknown request " + request);
    }
}
