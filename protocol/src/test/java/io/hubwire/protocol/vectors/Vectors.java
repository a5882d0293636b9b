package io.hubwire.protocol.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;

/**
 * Cases that came from outside: files in {@code vectors/} on the class path of the tests. A file or a kind without cases
 * is an error, since a test that runs over nothing passes.
 */
public final class Vectors {
    private Vectors() {}

    /** The whole file. */
    public static JsonNode file(String name) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name)) {
            if (in == null) {
                throw new AssertionError("no vector file " + name + " on the class path");
            }
            JsonNode all = new ObjectMapper().readTree(in);
            if (all.isEmpty()) {
                throw new AssertionError("vector file " + name + " holds no cases");
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException("vector file " + name, e);
        }
    }

    /** The cases of a file that is an array. */
    public static List<JsonNode> cases(String name) {
        return notEmpty(name, elements(file(name)));
    }

    /** The cases of a file that is an array, with one of these values in the member {@code kind}. */
    public static List<JsonNode> cases(String name, String... kinds) {
        List<String> wanted = List.of(kinds);
        return notEmpty(
                name + " of kind " + wanted,
                elements(file(name)).filter(c -> wanted.contains(c.path("kind").asText())));
    }

    /** As {@link #named(JsonNode, String, int)}, at least one. */
    public static Stream<Named<JsonNode>> named(JsonNode list, String label) {
        return named(list, label, 1);
    }

    /**
     * Cases as arguments of a test, shown by their names.
     *
     * @param label the member that names a case
     * @param atLeast fewer are an error: some were lost
     */
    public static Stream<Named<JsonNode>> named(JsonNode list, String label, int atLeast) {
        if (list.size() < atLeast) {
            throw new AssertionError("only " + list.size() + " of " + atLeast + " cases are left");
        }
        return elements(list).map(c -> Named.of(c.path(label).asText(), c));
    }

    /** The members of an array, in order. */
    public static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static List<JsonNode> notEmpty(String what, Stream<JsonNode> cases) {
        List<JsonNode> list = cases.toList();
        if (list.isEmpty()) {
            throw new AssertionError("no cases in " + what);
        }
        return list;
    }
}
