package io.hubwire.localhub.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;

/** Cases from outside; an empty list is a failure, not a success. */
final class Vectors {
    private Vectors() {}

    static JsonNode file(String name) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param label the member that names a case */
    static Stream<Named<JsonNode>> cases(String file, String list, String label) {
        JsonNode cases = file(file).path(list);
        assertThat(cases).as("%s of %s", list, file).isNotEmpty();
        return StreamSupport.stream(cases.spliterator(), false)
                .map(node -> Named.of(node.path(label).asText(), node));
    }
}
