package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.EventLog.Start;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.qpid.protonj2.types.DescribedType;
import org.apache.qpid.protonj2.types.Symbol;
import org.jspecify.annotations.Nullable;

/** Where a reader wants to start, as the filter of its source says it. Source: amqp 4.2. */
final class SelectorFilter {
    /** The key in the source's filter map; also one of the two descriptors in use. */
    static final Symbol KEY = Symbol.valueOf("apache.org:selector-filter:string");

    private static final Pattern FORM =
            Pattern.compile("amqp\\.annotation\\.(x-opt-[a-z-]+)\\s*(>=|>)\\s*('?)([^']*)\\3");

    private SelectorFilter() {}

    /**
     * Reads a source's filter.
     *
     * @param filter the whole map, or null; other filters in it are passed over
     * @return the start; from the earliest event without a selector
     * @throws HubException 400004 when the selector is not one of the known forms
     */
    static Start parse(@Nullable Map<Symbol, Object> filter) {
        Object selector = filter == null ? null : filter.get(KEY);
        Object text = selector instanceof DescribedType described ? described.getDescribed() : selector;
        if (text == null) {
            return new Start.Earliest();
        }
        if (!(text instanceof String expression)) {
            throw malformed(String.valueOf(text));
        }
        return parse(expression);
    }

    /** Reads one expression. @throws HubException 400004 */
    static Start parse(String expression) {
        Matcher form = FORM.matcher(expression.strip());
        if (!form.matches()) {
            throw malformed(expression);
        }
        boolean inclusive = form.group(2).equals(">=");
        String value = form.group(4).strip();
        if (value.equals("@latest")) {
            return new Start.Latest();
        }
        switch (form.group(1)) {
            case "x-opt-offset":
                return value.equals("-1") ? new Start.Earliest() : new Start.Offset(value, inclusive);
            case "x-opt-sequence-number":
                return new Start.SequenceNumber(number(value, expression), inclusive);
            case "x-opt-enqueued-time", "x-opt-enqueuedtimeutc":
                return new Start.Time(time(number(value, expression) - (inclusive ? 1 : 0), expression));
            default:
                throw malformed(expression);
        }
    }

    private static long number(String value, String expression) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException notANumber) {
            throw malformed(expression);
        }
    }

    private static Instant time(long millis, String expression) {
        try {
            return Instant.ofEpochMilli(millis);
        } catch (DateTimeException outOfRange) {
            throw malformed(expression);
        }
    }

    private static HubException malformed(String expression) {
        String shown = expression.length() > 100 ? expression.substring(0, 100) + "…" : expression;
        return new HubException(
                HubError.ARGUMENT_INVALID,
                "filter [" + shown
                        + "] is not understood; wanted is amqp.annotation.x-opt-offset, x-opt-sequence-number or"
                        + " x-opt-enqueued-time, then > or >=, then a value");
    }
}
