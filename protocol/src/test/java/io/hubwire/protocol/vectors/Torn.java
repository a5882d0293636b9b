package io.hubwire.protocol.vectors;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Texts that are almost right: taken from outside vectors, with a few characters put in, taken out or replaced. They get
 * deeper into a parser than random text does.
 */
public final class Torn {
    private static final List<String> SCRAPS = List.of(
            "",
            "/",
            "&",
            "=",
            "%",
            "%2",
            "%zz",
            "%00",
            "%C3",
            "%F0%9F",
            "$",
            "$.",
            "?",
            "#",
            "+",
            "-",
            "é",
            "😀",
            "\0",
            "\n",
            " ",
            "\ud83d",
            "{",
            "\"",
            "9999999999999999999999",
            "$rid=",
            "&$version=x",
            "//",
            "devices/",
            ";",
            "\\u0000");

    private Torn() {}

    /** One of these texts, or any text, with up to three cuts. */
    public static Arbitrary<String> from(List<String> texts) {
        if (texts.isEmpty()) {
            throw new AssertionError("nothing to tear");
        }
        Arbitrary<String> start = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.of(texts)),
                Tuple.of(1, Arbitraries.strings().ofMaxLength(60)));
        Arbitrary<Cut> cut = Combinators.combine(
                        Arbitraries.doubles().between(0, 1),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.of(SCRAPS))
                .as(Cut::new);
        return Combinators.combine(start, cut.list().ofMaxSize(3)).as((text, cuts) -> {
            String torn = text;
            for (Cut c : cuts) {
                torn = c.apply(torn);
            }
            return torn;
        });
    }

    /** Replaces {@code length} characters at {@code where} (0 start, 1 end) by {@code scrap}. */
    private record Cut(double where, int length, String scrap) {
        String apply(String text) {
            int from = (int) (where * text.length());
            return text.substring(0, from) + scrap + text.substring(Math.min(text.length(), from + length));
        }
    }
}
