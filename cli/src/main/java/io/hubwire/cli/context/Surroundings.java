package io.hubwire.cli.context;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a run of the command finds around it. A test hands in its own, so commands run in process.
 *
 * @param in standard input, read only where a command's argument is {@code -}
 * @param environment variables
 * @param userHome where {@code .hubwire} is
 * @param interactive whether a person watches the output
 */
public record Surroundings(
        InputStream in,
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        Path userHome,
        boolean interactive) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }
}
