package io.hubwire.localhub.engine.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A query: {@code SELECT * FROM devices WHERE tags.building = '43'}. Immutable and thread-safe.
 *
 * <p>Whoever runs it asks each document of {@link #source} whether it {@link #matches}; a match is a {@link #row}, or, when
 * {@link #isAggregate}, is added to {@link #aggregation}.
 */
public final class HubQuery {
    /** Characters a query may have. Source: service-rest 7. */
    public static final int MAX_LENGTH = 8_192;

    private final Source source;
    private final OptionalInt top;
    private final Projection projection;
    private final Optional<Expression> condition;
    private final Optional<PropertyPath> groupBy;

    HubQuery(
            Source source,
            OptionalInt top,
            Projection projection,
            Optional<Expression> condition,
            Optional<PropertyPath> groupBy) {
        this.source = source;
        this.top = top;
        this.projection = projection;
        this.condition = condition;
        this.groupBy = groupBy;
    }

    /** @throws QueryException when it is too long or does not parse */
    public static HubQuery parse(String text) {
        return QueryReader.query(text);
    }

    /** What is asked. */
    public Source source() {
        return source;
    }

    /** How many rows at most, over all pages. */
    public OptionalInt top() {
        return top;
    }

    /** Whether rows are about many documents each. */
    public boolean isAggregate() {
        return projection instanceof Projection.Aggregates;
    }

    /** {@code x-ms-item-type} of the rows: {@code Twin}, {@code DeviceJob} or {@code Raw}. */
    public String itemType() {
        return projection instanceof Projection.Everything ? source.itemType() : "Raw";
    }

    /** Whether a document passes WHERE. */
    public boolean matches(JsonNode document) {
        return isTrue(condition, document);
    }

    /**
     * The row of a document that matches.
     *
     * @throws IllegalStateException when this is an aggregate
     */
    public ObjectNode row(ObjectNode document) {
        if (projection instanceof Projection.Columns columns) {
            return columns.of(document);
        }
        if (projection instanceof Projection.Everything) {
            return document;
        }
        throw new IllegalStateException("the rows of an aggregate come from its aggregation");
    }

    /**
     * An empty aggregation for this query.
     *
     * @throws IllegalStateException when this is no aggregate
     */
    public Aggregation aggregation() {
        if (projection instanceof Projection.Aggregates aggregates) {
            return new Aggregation(aggregates.columns(), groupBy);
        }
        throw new IllegalStateException("no aggregate is asked for");
    }

    static boolean isTrue(Optional<Expression> condition, JsonNode document) {
        return condition
                .map(c -> c.in(document))
                .map(value -> value.isBoolean() && value.booleanValue())
                .orElse(true);
    }
}
