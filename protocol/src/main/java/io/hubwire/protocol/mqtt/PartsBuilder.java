package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.PercentEncoding;
import java.util.ArrayList;
import java.util.List;

/** Cuts a text from left to right into parts with a meaning. */
final class PartsBuilder {
    private final String text;
    private final List<Explanation.Part> parts = new ArrayList<>();
    private int at;

    PartsBuilder(String text) {
        this.text = text;
    }

    /** Whether the next characters are these; if so they become a part. */
    boolean take(String literal, String meaning) {
        return text.startsWith(literal, at) && upTo(at + literal.length(), meaning);
    }

    /** Everything before the next of these characters, or before the end, becomes a part. */
    String takeUntil(String stops, String meaning) {
        int start = at;
        int end = at;
        while (end < text.length() && stops.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        upTo(end, meaning);
        return text.substring(start, end);
    }

    /** The rest, if any, becomes a part. */
    void rest(String meaning) {
        upTo(text.length(), meaning);
    }

    /** {@code name=value} pairs, each with the separator in front of it. */
    void pairs(String stops, PairMeaning meaning) {
        while (at < text.length() && stops.indexOf(text.charAt(at)) < 0) {
            int nameStart = text.charAt(at) == '&' ? at + 1 : at;
            int end = nameStart;
            while (end < text.length() && ("&" + stops).indexOf(text.charAt(end)) < 0) {
                end++;
            }
            String pair = text.substring(nameStart, end);
            int equals = pair.indexOf('=');
            String name = PercentEncoding.decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : PercentEncoding.decode(pair.substring(equals + 1));
            upTo(end, meaning.of(name, value));
        }
    }

    /** What a decoded pair means. */
    @FunctionalInterface
    interface PairMeaning {
        String of(String name, String value);
    }

    List<Explanation.Part> build() {
        return List.copyOf(parts);
    }

    private boolean upTo(int end, String meaning) {
        if (end > at) {
            parts.add(new Explanation.Part(text.substring(at, end), meaning));
            at = end;
        }
        return true;
    }
}
