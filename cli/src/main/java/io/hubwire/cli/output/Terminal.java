package io.hubwire.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.PrintWriter;
import java.util.OptionalInt;

/**
 * Standard output and standard error of one run. Thread-safe a line at a time: events, traces and progress come from
 * several threads.
 */
public final class Terminal {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectWriter PRETTY = JSON.writerWithDefaultPrettyPrinter();

    private final PrintWriter out;
    private final PrintWriter err;
    private final OptionalInt columns;
    private String status = "";

    /** @param columns of the terminal where a person watches: tables may redraw, long work shows progress; empty when piped */
    public Terminal(PrintWriter out, PrintWriter err, OptionalInt columns) {
        this.out = out;
        this.err = err;
        this.columns = columns;
    }

    /** Whether a person watches. */
    public boolean interactive() {
        return columns.isPresent();
    }

    /** How wide a line may be; without end when nobody watches, since a program wants all of it. */
    public int width() {
        return columns.orElse(Integer.MAX_VALUE);
    }

    /** Whether whoever read standard output has gone, as {@code head} does when it has enough. */
    public boolean readerGone() {
        synchronized (this) {
            return out.checkError();
        }
    }

    /** The rows a table was given since it was last printed. */
    public void table(Table table) {
        table.lines(width()).forEach(this::line);
    }

    /**
     * A bar on standard error for work of so many units; shows nothing when nobody watches.
     *
     * @param what one or two words
     * @param unit name of one unit, for people
     */
    public Progress progress(String what, long total, String unit) {
        return interactive() ? Progress.bar(this, what, total, unit) : Progress.NONE;
    }

    /** A line for people on standard output. */
    public void line(String text) {
        synchronized (this) {
            wipe();
            out.println(text);
            out.flush();
            err.print(status);
            err.flush();
        }
    }

    /** Shows a line below all others, on standard error, and keeps it there; an empty one takes it away. */
    public void status(String text) {
        synchronized (this) {
            wipe();
            status = text.length() < width() ? text : text.substring(0, width() - 1);
            err.print(status);
            err.flush();
        }
    }

    private void wipe() {
        if (!status.isEmpty()) {
            err.print("\r" + " ".repeat(status.length()) + "\r");
            err.flush();
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
            wipe();
            err.println(text);
            err.print(status);
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
