package io.hubwire.cli.context;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What a run of the command finds around it. A test hands in its own, so commands run in process.
 *
 * @param in standard input, read only where a command's argument is {@code -}
 * @param environment variables
 * @param userHome where {@code .hubwire} is
 * @param columns of the terminal in which a person watches the output; empty when nobody does
 */
public record Surroundings(
        InputStream in,
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        Path userHome,
        OptionalInt columns) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }
}
