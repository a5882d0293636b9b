package io.hubwire.localhub.engine.query;

import io.hubwire.localhub.engine.query.Projection.AggregateColumn;
import io.hubwire.localhub.engine.query.Projection.Column;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.AggregateContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.CollectionContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.ColumnContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.PathContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.QueryContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.TargetContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** Makes queries of parse trees, and checks what the grammar cannot say. */
final class QueryReader {
    private final Source source;
    private final ConditionReader conditions;

    private QueryReader(Source source) {
        this.source = source;
        this.conditions = new ConditionReader(source);
    }

    static HubQuery query(String text) {
        QueryContext tree = Parsing.parse(text, HubQueryParser::query);
        return new QueryReader(source(tree.collection())).read(tree);
    }

    static TargetCondition target(String text) {
        TargetContext tree = Parsing.parse(text, HubQueryParser::target);
        Source source = tree.collection() == null ? Source.DEVICES : source(tree.collection());
        if (source == Source.JOBS) {
            throw Parsing.wrong(tree.collection().getStart(), "the condition must be about devices or devices.modules");
        }
        return new TargetCondition(source, new ConditionReader(source).optional(tree.condition()));
    }

    private static Source source(CollectionContext collection) {
        if (collection.MODULES() != null) {
            return Source.MODULES;
        }
        return collection.JOBS() != null ? Source.JOBS : Source.DEVICES;
    }

    private HubQuery read(QueryContext tree) {
        Optional<PropertyPath> groupBy = Optional.ofNullable(tree.path()).map(conditions::path);
        Projection projection = projection(tree, groupBy);
        if (source == Source.JOBS && !(projection instanceof Projection.Everything)) {
            throw Parsing.wrong(tree.projection().getStart(), "devices.jobs knows SELECT * only");
        }
        if (groupBy.isPresent() && !(projection instanceof Projection.Aggregates)) {
            throw Parsing.wrong(
                    tree.GROUP().getSymbol(), "GROUP BY needs COUNT, SUM, AVG, MIN or MAX between SELECT and FROM");
        }
        return new HubQuery(source, top(tree), projection, conditions.optional(tree.condition()), groupBy);
    }

    private static OptionalInt top(QueryContext tree) {
        if (tree.TOP() == null) {
            return OptionalInt.empty();
        }
        Token number = tree.INTEGER().getSymbol();
        try {
            return OptionalInt.of(Integer.parseInt(number.getText()));
        } catch (NumberFormatException tooLarge) {
            throw Parsing.wrong(number, "TOP [" + number.getText() + "] must be at most " + Integer.MAX_VALUE);
        }
    }

    private Projection projection(QueryContext tree, Optional<PropertyPath> groupBy) {
        List<ColumnContext> columns = tree.projection().column();
        if (columns.isEmpty()) {
            return new Projection.Everything();
        }
        refuseEqualKeys(columns);
        return columns.stream().anyMatch(column -> column.aggregate() != null)
                ? aggregates(columns, groupBy)
                : new Projection.Columns(columns.stream()
                        .map(column -> new Column(conditions.path(column.path()), alias(column)))
                        .toList());
    }

    private Projection aggregates(List<ColumnContext> columns, Optional<PropertyPath> groupBy) {
        List<AggregateColumn> read = new ArrayList<>();
        for (ColumnContext column : columns) {
            if (column.aggregate() != null) {
                read.add(aggregate(key(column), column.aggregate()));
            } else if (groupBy.equals(Optional.of(conditions.path(column.path())))) {
                read.add(new AggregateColumn.GroupKey(key(column)));
            } else {
                throw Parsing.wrong(
                        column.getStart(),
                        "[" + column.path().getText() + "] stands beside an aggregate and is not what is grouped by");
            }
        }
        return new Projection.Aggregates(read);
    }

    private AggregateColumn aggregate(String key, AggregateContext tree) {
        String name = tree.function().getText().toUpperCase(Locale.ROOT);
        @Nullable PathContext path = tree.path();
        if (name.equals("COUNT")) {
            if (path != null) {
                throw Parsing.wrong(path.getStart(), "COUNT() takes nothing between its parentheses");
            }
            return new AggregateColumn.Count(key);
        }
        for (Projection.Function function : Projection.Function.values()) {
            if (function.name().equals(name)) {
                if (path == null) {
                    throw Parsing.wrong(tree.RIGHT_PARENTHESIS().getSymbol(), name + " needs a property");
                }
                return new AggregateColumn.Of(key, function, conditions.path(path));
            }
        }
        throw Parsing.wrong(
                tree.getStart(), "[" + tree.function().getText() + "] is none of COUNT, SUM, AVG, MIN and MAX");
    }

    private void refuseEqualKeys(List<ColumnContext> columns) {
        Set<String> seen = new HashSet<>();
        for (ColumnContext column : columns) {
            if (!seen.add(key(column))) {
                throw Parsing.wrong(
                        column.getStart(), "there is a column [" + key(column) + "] already; give one AS another name");
            }
        }
    }

    private static String alias(ColumnContext column) {
        return column.alias() == null
                ? ""
                : ConditionReader.unbracketed(column.alias().getText());
    }

    /** What the column is called; an aggregate without an alias after its function, in lower case. */
    private String key(ColumnContext column) {
        if (column.alias() != null) {
            return alias(column);
        }
        return column.path() != null
                ? conditions.path(column.path()).last()
                : column.aggregate().function().getText().toLowerCase(Locale.ROOT);
    }
}
