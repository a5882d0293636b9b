package io.hubwire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.cli.context.Surroundings;
import io.hubwire.protocol.json.Json;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** One command line run in this process, and what came of it. */
record Run(int exit, String out, String err) {
    static Run hubwire(Path home, Map<String, String> environment, String input, String... args) {
        return hubwire(OptionalInt.empty(), home, environment, input, args);
    }

    /** As if a person watched in a terminal of so many columns. */
    static Run watched(int columns, Path home, String input, String... args) {
        return hubwire(OptionalInt.of(columns), home, Map.of(), input, args);
    }

    private static Run hubwire(
            OptionalInt columns, Path home, Map<String, String> environment, String input, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Surroundings surroundings = new Surroundings(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out),
                new PrintWriter(err),
                environment,
                home,
                columns);
        int exit = Hubwire.run(surroundings, args);
        return new Run(exit, out.toString(), err.toString());
    }

    JsonNode json() {
        return Json.parse("output", out);
    }

    /** Documents of a stream, one a line. */
    List<JsonNode> jsonLines() {
        return out.lines().map(line -> Json.parse("line", line)).toList();
    }
}
