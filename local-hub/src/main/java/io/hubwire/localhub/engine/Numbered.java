package io.hubwire.localhub.engine;

/** Numbers as ids of documents, in an order that is also theirs as text. */
final class Numbered {
    private Numbered() {}

    static String id(long number) {
        return String.format("%020d", number);
    }

    static long number(String id) {
        return Long.parseLong(id);
    }
}
