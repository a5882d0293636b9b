package io.hubwire.localhub.engine;

import org.jspecify.annotations.Nullable;

/** The {@code If-Match} of a request: absent, any, or one tag without its quotes. Source: service-rest 1.5. */
public sealed interface ETagMatch {
    /** No {@code If-Match} was sent. */
    record Absent() implements ETagMatch {}

    /** {@code *}, quoted or not: whatever is there, as long as something is there. */
    record Any() implements ETagMatch {}

    /**
     * This tag and no other.
     *
     * @param tag without quotes and without {@code W/}
     */
    record Tag(String tag) implements ETagMatch {}

    /** Reads a header value; accepts {@code "*"}, {@code *}, {@code "tag"}, {@code tag} and {@code W/"tag"}. */
    static ETagMatch parse(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return new Absent();
        }
        String s = header.trim();
        if (s.startsWith("W/")) {
            s = s.substring(2);
        }
        if (s.length() >= 2 && s.startsWith("\"") && s.endsWith("\"")) {
            s = s.substring(1, s.length() - 1);
        }
        return s.equals("*") ? new Any() : new Tag(s);
    }

    /** Whether an entity with this tag may be touched. */
    default boolean allows(String currentTag) {
        return !(this instanceof Tag t) || t.tag().equals(currentTag);
    }
}
