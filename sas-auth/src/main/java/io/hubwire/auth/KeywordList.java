package io.hubwire.auth;

import io.hubwire.protocol.InvalidInputException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The elements of a connection string, {@code Keyword=value;Keyword=value}: split at {@code ;}, then at the first
 * {@code =}; keywords in any case, values byte for byte. Source: sas-auth 7.
 *
 * <p>Errors show only keywords we know. Anything else may be a key that somebody pasted in the wrong place.
 */
final class KeywordList {
    /** One element; {@code position} is where the value starts, counted from 1. */
    record Element(String keyword, String value, int position) {
        InvalidInputException broken(String rule) {
            return new InvalidInputException(
                    "connection string, " + keyword + " at position " + position + ": " + rule);
        }

        /** Reads the value; what {@code reader} says of it is told with keyword and position. */
        <T> T checked(Function<String, T> reader) {
            try {
                return reader.apply(value);
            } catch (InvalidInputException broken) {
                throw broken(String.valueOf(broken.getMessage()));
            }
        }
    }

    private final Map<String, Element> elements = new HashMap<>();

    /** @param known keywords in their proper spelling; others are passed over, unless they break the grammar */
    KeywordList(String text, List<String> known) {
        if (text.isEmpty()) {
            throw new InvalidInputException("connection string is empty");
        }
        int start = 0;
        while (start < text.length()) { // so that one trailing ; is no element
            int end = text.indexOf(';', start);
            end = end < 0 ? text.length() : end;
            add(text.substring(start, end), start + 1, known);
            start = end + 1;
        }
    }

    private void add(String element, int position, List<String> known) {
        int equals = element.indexOf('=');
        if (equals < 0) {
            throw new InvalidInputException("connection string, position " + position
                    + ": the element has no =; wanted is Keyword=value;Keyword=value");
        }
        String written = element.substring(0, equals);
        String keyword = known.stream()
                .filter(k -> k.equalsIgnoreCase(written.strip()))
                .findFirst()
                .orElse("an unknown keyword");
        Element added = new Element(keyword, element.substring(equals + 1), position + equals + 1);
        if (!written.equals(written.strip())) {
            throw added.broken("a blank stands beside the keyword; blanks are not trimmed");
        }
        if (added.value().isEmpty()) {
            throw added.broken("the value is empty");
        }
        if (elements.put(written.toLowerCase(Locale.ROOT), added) != null) {
            throw added.broken("the keyword is there twice; keywords ignore case");
        }
    }

    Optional<Element> find(String keyword) {
        return Optional.ofNullable(elements.get(keyword.toLowerCase(Locale.ROOT)));
    }

    boolean has(String keyword) {
        return find(keyword).isPresent();
    }

    Element require(String keyword, String what) {
        return find(keyword)
                .orElseThrow(() -> new InvalidInputException("connection string has no " + keyword + "; " + what));
    }
}
