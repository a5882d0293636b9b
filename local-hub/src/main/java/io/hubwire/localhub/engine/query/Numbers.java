package io.hubwire.localhub.engine.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers of JSON, exact to 34 digits, so that {@code 0.1 + 0.2 = 0.3}. */
final class Numbers {
    private static final MathContext DIGITS = MathContext.DECIMAL128;

    /** The operators {@code + - * / %}. */
    enum Operator {
        PLUS,
        MINUS,
        TIMES,
        DIVIDED_BY,
        MODULO
    }

    private Numbers() {}

    static int compare(JsonNode left, JsonNode right) {
        return left.isIntegralNumber()
                        && right.isIntegralNumber()
                        && left.canConvertToLong()
                        && right.canConvertToLong()
                ? Long.compare(left.longValue(), right.longValue())
                : left.decimalValue().compareTo(right.decimalValue());
    }

    /** The result, or missing where there is none: operands that are no numbers, a division by zero. */
    static JsonNode apply(JsonNode left, Operator operator, JsonNode right) {
        if (!left.isNumber() || !right.isNumber()) {
            return MissingNode.getInstance();
        }
        BigDecimal a = left.decimalValue();
        BigDecimal b = right.decimalValue();
        try {
            return node(
                    switch (operator) {
                        case PLUS -> a.add(b, DIGITS);
                        case MINUS -> a.subtract(b, DIGITS);
                        case TIMES -> a.multiply(b, DIGITS);
                        case DIVIDED_BY -> a.divide(b, DIGITS);
                        case MODULO -> a.remainder(b, DIGITS);
                    });
        } catch (ArithmeticException noResult) {
            return MissingNode.getInstance();
        }
    }

    /** A whole number where it is one. */
    static JsonNode node(BigDecimal value) {
        if (value.signum() == 0) {
            return LongNode.valueOf(0);
        }
        // a number with 20 digits before its point is beyond a long, and need not be written out to see that
        if (value.precision() - value.scale() < 20) {
            BigDecimal plain = value.stripTrailingZeros();
            if (plain.scale() <= 0 && plain.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
                return LongNode.valueOf(plain.longValue());
            }
            return DecimalNode.valueOf(plain);
        }
        return DecimalNode.valueOf(value);
    }
}
