package io.hubwire.localhub.engine.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.hubwire.localhub.engine.query.Expression.Comparison;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.ArrayContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.CallContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.ComparisonContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.ConditionContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.ConjunctionContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.ConstantContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.NegationContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.NumberContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.OperandContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.PathContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.ProductContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.SignContext;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser.SumContext;
import io.hubwire.protocol.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** Makes expressions of parse trees. Pure; knows which names mean something in what is asked. */
final class ConditionReader {
    /** Functions of the language that only conditions of message routes have. Source: service-rest 7. */
    private static final Set<String> ROUTE_FUNCTIONS = Set.of(
            "ABS",
            "EXP",
            "POWER",
            "SQUARE",
            "CEILING",
            "FLOOR",
            "SIGN",
            "SQRT",
            "AS_NUMBER",
            "IS_ARRAY",
            "IS_BOOL",
            "IS_NULL",
            "IS_NUMBER",
            "IS_OBJECT",
            "IS_PRIMITIVE",
            "IS_STRING",
            "CONCAT",
            "LENGTH",
            "LOWER",
            "UPPER",
            "SUBSTRING",
            "INDEX_OF",
            "STARTS_WITH",
            "ENDS_WITH",
            "CONTAINS");

    private static final Set<String> AGGREGATES = Set.of("COUNT", "SUM", "AVG", "MIN", "MAX");

    private final Source source;

    ConditionReader(Source source) {
        this.source = source;
    }

    Optional<Expression> optional(@Nullable ConditionContext tree) {
        return Optional.ofNullable(tree).map(this::condition);
    }

    private Expression condition(ConditionContext tree) {
        return junction(false, tree.conjunction(), this::conjunction);
    }

    private Expression conjunction(ConjunctionContext tree) {
        return junction(true, tree.negation(), this::negation);
    }

    private static <T> Expression junction(boolean and, List<T> parts, Function<T, Expression> reader) {
        return parts.size() == 1
                ? reader.apply(parts.get(0))
                : new Expression.Junction(and, parts.stream().map(reader).toList());
    }

    private Expression negation(NegationContext tree) {
        return tree.NOT() == null ? comparison(tree.comparison()) : new Expression.Not(negation(tree.negation()));
    }

    private Expression comparison(ComparisonContext tree) {
        Expression left = sum(tree.sum(0));
        if (tree.array() != null) {
            return new Expression.Membership(left, elements(tree.array()), tree.NIN() != null);
        }
        if (tree.operator() == null) {
            return left;
        }
        Comparison.Operator operator =
                switch (tree.operator().getStart().getType()) {
                    case HubQueryParser.EQUAL -> Comparison.Operator.EQUAL;
                    case HubQueryParser.NOT_EQUAL -> Comparison.Operator.NOT_EQUAL;
                    case HubQueryParser.LESS -> Comparison.Operator.LESS;
                    case HubQueryParser.LESS_OR_EQUAL -> Comparison.Operator.LESS_OR_EQUAL;
                    case HubQueryParser.GREATER -> Comparison.Operator.GREATER;
                    default -> Comparison.Operator.GREATER_OR_EQUAL;
                };
        return new Comparison(left, operator, sum(tree.sum(1)));
    }

    private Expression sum(SumContext tree) {
        return chain(tree.product().stream().map(this::product).toList(), tree.children.stream());
    }

    private Expression product(ProductContext tree) {
        return chain(tree.sign().stream().map(this::sign).toList(), tree.children.stream());
    }

    /** {@code a - b - c} is {@code (a - b) - c}. */
    private static Expression chain(List<Expression> operands, Stream<?> children) {
        List<Numbers.Operator> operators = children.filter(TerminalNode.class::isInstance)
                .map(node -> arithmetic(((TerminalNode) node).getSymbol()))
                .toList();
        return IntStream.range(0, operators.size())
                .boxed()
                .reduce(
                        operands.get(0),
                        (left, i) -> new Expression.Arithmetic(left, operators.get(i), operands.get(i + 1)),
                        (a, b) -> b);
    }

    private static Numbers.Operator arithmetic(Token token) {
        return switch (token.getType()) {
            case HubQueryParser.PLUS -> Numbers.Operator.PLUS;
            case HubQueryParser.MINUS -> Numbers.Operator.MINUS;
            case HubQueryParser.STAR -> Numbers.Operator.TIMES;
            case HubQueryParser.SLASH -> Numbers.Operator.DIVIDED_BY;
            default -> Numbers.Operator.MODULO;
        };
    }

    private Expression sign(SignContext tree) {
        return tree.sign() == null
                ? operand(tree.operand())
                : new Expression.Arithmetic(
                        new Expression.Constant(LongNode.valueOf(0)), Numbers.Operator.MINUS, sign(tree.sign()));
    }

    private Expression operand(OperandContext tree) {
        if (tree.condition() != null) {
            return condition(tree.condition());
        }
        if (tree.call() != null) {
            return call(tree.call());
        }
        return tree.constant() != null
                ? new Expression.Constant(constant(tree.constant()))
                : new Expression.Property(path(tree.path()));
    }

    private Expression call(CallContext tree) {
        String name = tree.function().getText().toUpperCase(Locale.ROOT);
        if (name.equals("IS_DEFINED")) {
            if (tree.condition().size() == 1 && condition(tree.condition(0)) instanceof Expression.Property property) {
                return new Expression.IsDefined(property.path());
            }
            throw Parsing.wrong(tree.getStart(), "IS_DEFINED takes one property");
        }
        String rule;
        if (ROUTE_FUNCTIONS.contains(name)) {
            rule = " is a function of message routes; a query has IS_DEFINED only";
        } else if (AGGREGATES.contains(name)) {
            rule = " can stand between SELECT and FROM only";
        } else {
            rule = " is no function; a query has IS_DEFINED only";
        }
        throw Parsing.wrong(tree.getStart(), "[" + tree.function().getText() + "]" + rule);
    }

    /** A path without the collection in front of it, which may be written and means nothing. */
    PropertyPath path(PathContext tree) {
        List<String> names = new ArrayList<>();
        names.add(unbracketed(tree.root().getText()));
        tree.member().forEach(member -> names.add(unbracketed(member.getText())));
        List<String> words = source.words();
        if (names.size() > words.size()
                && IntStream.range(0, words.size()).allMatch(i -> words.get(i).equalsIgnoreCase(names.get(i)))) {
            names.subList(0, words.size()).clear();
        }
        String root = names.get(0).toLowerCase(Locale.ROOT);
        if (source == Source.JOBS && root.equals("createdtimeutc")) {
            names.set(0, "createdDateTimeUtc"); // the documentation's own sample asks for a name that rows do not have
        } else if (!source.roots().isEmpty() && !source.roots().contains(root)) {
            throw Parsing.wrong(
                    tree.getStart(),
                    "[" + tree.getText() + "] is no property of " + source.text() + ": it is about jobs");
        }
        return new PropertyPath(names);
    }

    static String unbracketed(String name) {
        return name.startsWith("[[") ? name.substring(2, name.length() - 2) : name;
    }

    private static List<JsonNode> elements(ArrayContext tree) {
        return tree.element().stream()
                .map(element -> element.number() != null
                        ? Numbers.apply(LongNode.valueOf(0), Numbers.Operator.MINUS, number(element.number()))
                        : constant(element.constant()))
                .toList();
    }

    private static JsonNode constant(ConstantContext tree) {
        if (tree.number() != null) {
            return number(tree.number());
        }
        if (tree.array() != null) {
            ArrayNode array = Json.array();
            elements(tree.array()).forEach(array::add);
            return array;
        }
        return switch (tree.getStart().getType()) {
            case HubQueryParser.TEXT -> TextNode.valueOf(text(tree.getText()));
            case HubQueryParser.TRUE -> BooleanNode.TRUE;
            case HubQueryParser.FALSE -> BooleanNode.FALSE;
            case HubQueryParser.NULL -> NullNode.getInstance();
            default -> MissingNode.getInstance();
        };
    }

    private static JsonNode number(NumberContext tree) {
        String text = tree.getText();
        try {
            return Numbers.node(
                    tree.HEXADECIMAL() == null
                            ? new BigDecimal(text)
                            : new BigDecimal(new BigInteger(text.substring(2), 16)));
        } catch (NumberFormatException tooLarge) {
            throw Parsing.wrong(tree.getStart(), "the number [" + text + "] is too large");
        }
    }

    /** What stands between the quotes, escapes resolved. */
    private static String text(String quoted) {
        StringBuilder out = new StringBuilder();
        for (int i = 1; i < quoted.length() - 1; i++) {
            char c = quoted.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            i++;
            switch (Character.toLowerCase(quoted.charAt(i))) {
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 't' -> out.append('\t');
                case 'u' -> {
                    out.append((char) Integer.parseInt(quoted.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> out.append(quoted.charAt(i));
            }
        }
        return out.toString();
    }
}
