package io.hubwire.localhub.engine.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.query.Projection.AggregateColumn;
import io.hubwire.localhub.engine.query.Projection.Function;
import io.hubwire.protocol.json.Json;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * COUNT, SUM, AVG, MIN and MAX over documents that come one by one. Values that are no numbers do not count; the sum of
 * none is undefined and left out. Groups come in the order in which their first document came; documents without the
 * property are a group of their own. Not thread-safe.
 */
public final class Aggregation {
    private final List<AggregateColumn> columns;
    private final Optional<PropertyPath> groupBy;
    /** Without GROUP BY there is one group, even of no documents. */
    private final Map<JsonNode, Group> groups = new LinkedHashMap<>();

    Aggregation(List<AggregateColumn> columns, Optional<PropertyPath> groupBy) {
        this.columns = columns;
        this.groupBy = groupBy;
        if (groupBy.isEmpty()) {
            groups.put(MissingNode.getInstance(), new Group(columns.size()));
        }
    }

    /** Takes a document in. */
    public void add(JsonNode document) {
        JsonNode key = groupBy.map(path -> normal(path.in(document))).orElse(MissingNode.getInstance());
        Group group = groups.computeIfAbsent(key, k -> new Group(columns.size()));
        group.count++;
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i) instanceof AggregateColumn.Of column) {
                group.numbers[i].add(column.path().in(document));
            }
        }
    }

    /** A row for each group. */
    public List<ObjectNode> rows() {
        return groups.entrySet().stream()
                .map(e -> row(e.getKey(), e.getValue()))
                .toList();
    }

    private ObjectNode row(JsonNode groupKey, Group group) {
        ObjectNode row = Json.object();
        for (int i = 0; i < columns.size(); i++) {
            AggregateColumn column = columns.get(i);
            JsonNode value;
            if (column instanceof AggregateColumn.Of of) {
                value = group.numbers[i].value(of.function());
            } else {
                value = column instanceof AggregateColumn.Count ? LongNode.valueOf(group.count) : groupKey;
            }
            if (!value.isMissingNode()) {
                row.set(column.key(), value);
            }
        }
        return row;
    }

    /** 1 and 1.0 are one group. */
    private static JsonNode normal(JsonNode value) {
        return value.isNumber() ? Numbers.node(value.decimalValue()) : value.deepCopy();
    }

    private static final class Group {
        private long count;
        private final Tally[] numbers;

        Group(int columns) {
            numbers = new Tally[columns];
            for (int i = 0; i < columns; i++) {
                numbers[i] = new Tally();
            }
        }
    }

    /** The numbers of one column in one group. */
    private static final class Tally {
        private long count;
        private BigDecimal sum = BigDecimal.ZERO;
        private @Nullable BigDecimal min;
        private @Nullable BigDecimal max;

        void add(JsonNode value) {
            if (!value.isNumber()) {
                return;
            }
            BigDecimal number = value.decimalValue();
            count++;
            sum = sum.add(number, MathContext.DECIMAL128);
            min = min == null ? number : min.min(number);
            max = max == null ? number : max.max(number);
        }

        JsonNode value(Function function) {
            if (min == null || max == null) {
                return MissingNode.getInstance();
            }
            return Numbers.node(
                    switch (function) {
                        case SUM -> sum;
                        case AVG -> sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL64);
                        case MIN -> min;
                        case MAX -> max;
                    });
        }
    }
}
