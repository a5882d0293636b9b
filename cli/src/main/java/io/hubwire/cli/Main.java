package io.hubwire.cli;

import io.hubwire.cli.context.Surroundings;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where the JVM begins. Everything else gets its streams and its environment from here. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        PrintWriter out =
                new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
        PrintWriter err =
                new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8)));
        Surroundings here = new Surroundings(
                System.in,
                out,
                err,
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                System.console() != null);
        int code = Hubwire.run(here, args);
        out.flush();
        err.flush();
        System.exit(code); // a library's non-daemon thread must not keep a finished command alive
    }
}
