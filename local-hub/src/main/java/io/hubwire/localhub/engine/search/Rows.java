package io.hubwire.localhub.engine.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A collection that can be read page by page. Thread-safe. */
@FunctionalInterface
public interface Rows {
    /**
     * One document of the collection.
     *
     * @param id its place in the order
     * @param document the reader's own
     */
    record Row(String id, ObjectNode document) {}

    /**
     * A page in order of id; an empty one is the end.
     *
     * @param after id of the last row of the page before; null for the first
     * @param limit at least 1
     */
    List<Row> page(@Nullable String after, int limit);
}
