package io.hubwire.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;

/** Reads the vector files; an empty list fails, so that a lost file cannot pass as a good one. */
final class Vectors {
    private Vectors() {}

    static JsonNode file(String name) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name)) {
            assertThat(in).as("vectors/%s", name).isNotNull();
            return new ObjectMapper().readTree(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The cases of an array as arguments named by their id. */
    static Stream<Arguments> cases(JsonNode array, int atLeast) {
        assertThat(array.size()).as("number of cases").isGreaterThanOrEqualTo(atLeast);
        return StreamSupport.stream(array.spliterator(), false)
                .map(c -> Arguments.of(Named.of(c.path("id").asText(), c)));
    }
}
