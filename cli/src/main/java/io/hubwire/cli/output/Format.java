package io.hubwire.cli.output;

/** What standard output carries. */
public enum Format {
    /** For people. */
    text,
    /** One document, or one document a line for streams; nothing else. */
    json
}
