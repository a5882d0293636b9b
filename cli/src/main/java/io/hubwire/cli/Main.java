package io.hubwire.cli;

import io.hubwire.cli.context.Surroundings;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Where the JVM begins. Everything else gets its streams and its environment from here. */
public final class Main {
    private static final String COLUMNS_PROPERTY = "hubwire.columns";
    private static final int USUAL_COLUMNS = 80;

    private Main() {}

    public static void main(String[] args) {
        PrintWriter out =
                new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
        PrintWriter err =
                new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8)));
        Surroundings here = new Surroundings(
                System.in, out, err, System.getenv(), Path.of(System.getProperty("user.home")), columns());
        int code = Hubwire.run(here, args);
        out.flush();
        err.flush();
        System.exit(code); // a library's non-daemon thread must not keep a finished command alive
    }

    /** The launcher measures the terminal, as Java cannot; without the launcher a console is taken to be a usual one. */
    private static OptionalInt columns() {
        Integer measured = Integer.getInteger(COLUMNS_PROPERTY);
        if (measured != null) {
            return measured > 0 ? OptionalInt.of(measured) : OptionalInt.empty();
        }
        return System.console() != null ? OptionalInt.of(USUAL_COLUMNS) : OptionalInt.empty();
    }
}
