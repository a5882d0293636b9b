package io.hubwire.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.PrintWriter;

/**
 * Standard output and standard error of one run. Thread-safe a line at a time: events, traces and progress come from
 * several threads.
 */
public final class Terminal {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectWriter PRETTY = JSON.writerWithDefaultPrettyPrinter();

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean interactive;

    /** @param interactive whether a person watches: tables may redraw, long work shows progress */
    public Terminal(PrintWriter out, PrintWriter err, boolean interactive) {
        this.out = out;
        this.err = err;
        this.interactive = interactive;
    }

    public boolean interactive() {
        return interactive;
    }

    /** A line for people on standard output. */
    public void line(String text) {
        synchronized (this) {
            out.println(text);
            out.flush();
        }
    }

    /** One document of the answer: indented. */
    public void document(JsonNode json) {
        line(write(PRETTY, json));
    }

    /** One document of a stream, on one line. */
    public void jsonLine(JsonNode json) {
        line(write(JSON.writer(), json));
    }

    /** A line on standard error: progress, hints, traces, errors. */
    public void note(String text) {
        synchronized (this) {
            out.flush();
            err.println(text);
            err.flush();
        }
    }

    /** Overwrites the line that standard error is in: progress, where a person watches. */
    public void redraw(String text) {
        synchronized (this) {
            err.print("\r" + text);
            err.flush();
        }
    }

    private static String write(ObjectWriter writer, JsonNode json) {
        try {
            return writer.writeValueAsString(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree that cannot be written", e);
        }
    }
}
