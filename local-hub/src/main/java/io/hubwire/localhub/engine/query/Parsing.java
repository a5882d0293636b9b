package io.hubwire.localhub.engine.query;

import io.hubwire.localhub.engine.query.grammar.HubQueryLexer;
import io.hubwire.localhub.engine.query.grammar.HubQueryParser;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.Vocabulary;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTreeListener;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** From text to a tree of the grammar; the first mistake ends it. */
final class Parsing {
    /** Eight rules a parenthesis: fifty of them may nest. Deeper ones are attacks on the stack. */
    private static final int MAX_DEPTH = 400;

    private static final int EXCERPT = 40;
    /** Names that are also keywords; where a name may stand, they need not be listed beside it. */
    private static final Set<Integer> SOFT_KEYWORDS =
            Set.of(HubQueryParser.DEVICES, HubQueryParser.MODULES, HubQueryParser.JOBS, HubQueryParser.BRACKETED_NAME);

    private Parsing() {}

    /**
     * Parses by one of the grammar's ways in.
     *
     * @throws QueryException with the place of the first mistake
     */
    static <T> T parse(String text, Function<HubQueryParser, T> rule) {
        if (text.length() > HubQuery.MAX_LENGTH) {
            throw new QueryException(
                    1,
                    HubQuery.MAX_LENGTH + 1,
                    "the text has " + text.length() + " characters; at most " + HubQuery.MAX_LENGTH + " are allowed");
        }
        HubQueryLexer lexer = new HubQueryLexer(CharStreams.fromString(text));
        lexer.removeErrorListeners(); // every character is some token; STRAY ones are the parser's to refuse
        HubQueryParser parser = new HubQueryParser(new CommonTokenStream(lexer));
        parser.removeErrorListeners();
        parser.addErrorListener(new FirstMistake());
        parser.addParseListener(new DepthLimit());
        return rule.apply(parser);
    }

    /** A complaint about what begins at a token. */
    static QueryException wrong(Token at, String rule) {
        return new QueryException(at.getLine(), at.getCharPositionInLine() + 1, rule);
    }

    private static final class FirstMistake extends BaseErrorListener {
        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                @Nullable Object offendingSymbol,
                int line,
                int charPositionInLine,
                String message,
                @Nullable RecognitionException e) {
            Parser parser = (Parser) recognizer;
            Token at = e == null || e.getOffendingToken() == null ? parser.getCurrentToken() : e.getOffendingToken();
            IntervalSet expected = e == null ? parser.getExpectedTokens() : e.getExpectedTokens();
            throw wrong(at, "found " + found(at) + "; expected " + expected(expected, parser.getVocabulary()));
        }

        private static String found(Token token) {
            if (token.getType() == Token.EOF) {
                return "the end";
            }
            String text = token.getText();
            return "[" + (text.length() > EXCERPT ? text.substring(0, EXCERPT) + "…" : text) + "]";
        }

        private static String expected(IntervalSet types, Vocabulary words) {
            if (types.contains(HubQueryParser.TEXT) && types.contains(HubQueryParser.NAME)) {
                return "a property or a constant";
            }
            boolean anyName = types.contains(HubQueryParser.NAME);
            if (anyName && types.contains(HubQueryParser.WHERE)) {
                return "a name"; // after a dot, where every keyword is one
            }
            return types.toList().stream()
                    .filter(type -> !anyName || !SOFT_KEYWORDS.contains(type))
                    .map(type -> called(type, words))
                    .collect(Collectors.toCollection(TreeSet::new))
                    .stream()
                    .collect(Collectors.joining(" or "));
        }

        private static String called(int type, Vocabulary words) {
            return switch (type) {
                case Token.EOF -> "the end";
                case HubQueryParser.NAME, HubQueryParser.BRACKETED_NAME -> "a name";
                case HubQueryParser.TEXT -> "a text";
                case HubQueryParser.INTEGER, HubQueryParser.DECIMAL, HubQueryParser.HEXADECIMAL -> "a number";
                default -> word(words.getDisplayName(type));
            };
        }

        /** Keywords as they are, signs in their quotes. */
        private static String word(String quoted) {
            return Character.isLetter(quoted.charAt(1))
                    ? quoted.substring(1, quoted.length() - 1).toUpperCase(Locale.ROOT)
                    : quoted;
        }
    }

    private static final class DepthLimit implements ParseTreeListener {
        private int depth;

        @Override
        public void enterEveryRule(ParserRuleContext rule) {
            if (++depth > MAX_DEPTH) {
                throw wrong(rule.getStart(), "nested too deeply");
            }
        }

        @Override
        public void exitEveryRule(ParserRuleContext rule) {
            depth--;
        }

        @Override
        public void visitTerminal(TerminalNode node) {
            // a token is no deeper than its rule
        }

        @Override
        public void visitErrorNode(ErrorNode node) {
            // the first mistake has ended the parse
        }
    }
}
