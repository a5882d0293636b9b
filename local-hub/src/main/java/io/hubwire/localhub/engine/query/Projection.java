package io.hubwire.localhub.engine.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.util.List;

/** What stands between SELECT and FROM. */
sealed interface Projection {
    /** {@code *}. */
    record Everything() implements Projection {}

    /** Some properties of each document. */
    record Columns(List<Column> columns) implements Projection {
        public Columns {
            columns = List.copyOf(columns);
        }

        /** A document with these members and no others; what is not there is left out. */
        ObjectNode of(JsonNode document) {
            ObjectNode row = Json.object();
            for (Column column : columns) {
                JsonNode value = column.path().in(document);
                if (!value.isMissingNode()) {
                    row.set(column.alias().isEmpty() ? column.path().key(document) : column.alias(), value.deepCopy());
                }
            }
            return row;
        }
    }

    /** Some numbers about all documents, or about each group of them. */
    record Aggregates(List<AggregateColumn> columns) implements Projection {
        public Aggregates {
            columns = List.copyOf(columns);
        }
    }

    /**
     * One property.
     *
     * @param alias empty for the path's last name
     */
    record Column(PropertyPath path, String alias) {}

    /** One number about a group, or what the group has in common. */
    sealed interface AggregateColumn {
        String key();

        /** What is grouped by. */
        record GroupKey(String key) implements AggregateColumn {}

        /** {@code COUNT()}. */
        record Count(String key) implements AggregateColumn {}

        /** {@code SUM}, {@code AVG}, {@code MIN} or {@code MAX} of the numbers at a path. */
        record Of(String key, Function function, PropertyPath path) implements AggregateColumn {}
    }

    /** The functions of a path. */
    enum Function {
        SUM,
        AVG,
        MIN,
        MAX
    }
}
