package io.hubwire.localhub.engine.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;

/**
 * A condition or a part of one. Its value in a document is a JSON value, or missing for {@code undefined}.
 *
 * <table>
 * <caption>What operators make of values</caption>
 * <tr><th>operator</th><th>operands</th><th>value</th></tr>
 * <tr><td>{@code = !=}</td><td>texts, numbers, booleans, null</td><td>values of two kinds are unequal</td></tr>
 * <tr><td>{@code < <= > >=}</td><td>two numbers or two texts</td><td>texts by their UTF-16 units</td></tr>
 * <tr><td>{@code IN NIN}</td><td>as {@code =}</td><td></td></tr>
 * <tr><td>{@code AND OR}</td><td>booleans, undefined</td><td>three-valued: {@code undefined AND false} is false</td></tr>
 * <tr><td>any</td><td>others</td><td>undefined</td></tr>
 * </table>
 */
sealed interface Expression {
    JsonNode in(JsonNode document);

    /** A value written in the query. */
    record Constant(JsonNode value) implements Expression {
        @Override
        public JsonNode in(JsonNode document) {
            return value;
        }
    }

    /** A value of the document. */
    record Property(PropertyPath path) implements Expression {
        @Override
        public JsonNode in(JsonNode document) {
            return path.in(document);
        }
    }

    /** Whether the document has a value there; null is one. */
    record IsDefined(PropertyPath path) implements Expression {
        @Override
        public JsonNode in(JsonNode document) {
            return BooleanNode.valueOf(!path.in(document).isMissingNode());
        }
    }

    /** {@code + - * / %}, and the sign. */
    record Arithmetic(Expression left, Numbers.Operator operator, Expression right) implements Expression {
        @Override
        public JsonNode in(JsonNode document) {
            return Numbers.apply(left.in(document), operator, right.in(document));
        }
    }

    /** {@code = != < <= > >=}. */
    record Comparison(Expression left, Operator operator, Expression right) implements Expression {
        enum Operator {
            EQUAL,
            NOT_EQUAL,
            LESS,
            LESS_OR_EQUAL,
            GREATER,
            GREATER_OR_EQUAL
        }

        @Override
        public JsonNode in(JsonNode document) {
            JsonNode a = left.in(document);
            JsonNode b = right.in(document);
            if (!a.isValueNode() || !b.isValueNode() || a.isMissingNode() || b.isMissingNode()) {
                return MissingNode.getInstance();
            }
            if (operator == Operator.EQUAL) {
                return BooleanNode.valueOf(equal(a, b));
            }
            if (operator == Operator.NOT_EQUAL) {
                return BooleanNode.valueOf(!equal(a, b));
            }
            boolean numbers = a.isNumber() && b.isNumber();
            if (!numbers && !(a.isTextual() && b.isTextual())) {
                return MissingNode.getInstance();
            }
            int order = numbers ? Numbers.compare(a, b) : a.textValue().compareTo(b.textValue());
            return BooleanNode.valueOf(
                    switch (operator) {
                        case LESS -> order < 0;
                        case LESS_OR_EQUAL -> order <= 0;
                        case GREATER -> order > 0;
                        default -> order >= 0;
                    });
        }

        static boolean equal(JsonNode a, JsonNode b) {
            return a.isNumber() && b.isNumber() ? Numbers.compare(a, b) == 0 : a.equals(b);
        }
    }

    /** {@code IN}, or {@code NIN} when negated. */
    record Membership(Expression value, List<JsonNode> elements, boolean negated) implements Expression {
        public Membership {
            elements = List.copyOf(elements);
        }

        @Override
        public JsonNode in(JsonNode document) {
            JsonNode found = value.in(document);
            if (found.isMissingNode()) {
                return found;
            }
            boolean member = elements.stream().anyMatch(element -> Comparison.equal(found, element));
            return BooleanNode.valueOf(member != negated);
        }
    }

    /** {@code NOT}. */
    record Not(Expression operand) implements Expression {
        @Override
        public JsonNode in(JsonNode document) {
            JsonNode value = operand.in(document);
            return value.isBoolean() ? BooleanNode.valueOf(!value.booleanValue()) : MissingNode.getInstance();
        }
    }

    /** {@code AND} of all, or {@code OR} of all. */
    record Junction(boolean and, List<Expression> operands) implements Expression {
        public Junction {
            operands = List.copyOf(operands);
        }

        /** One operand decides alone when it is false in an AND, true in an OR. */
        @Override
        public JsonNode in(JsonNode document) {
            boolean known = true;
            for (Expression operand : operands) {
                JsonNode value = operand.in(document);
                if (value.isBoolean() && value.booleanValue() != and) {
                    return value;
                }
                known &= value.isBoolean();
            }
            return known ? BooleanNode.valueOf(and) : MissingNode.getInstance();
        }
    }
}
