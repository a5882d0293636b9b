package io.hubwire.localhub.https;

import java.time.Duration;

/**
 * One operation of one API.
 *
 * @param method upper case
 * @param api which API it belongs to: who is let in, and how refusals look
 * @param limits of a request and its answer
 */
record Route(String method, PathTemplate path, Api api, Limits limits, Operation operation) {
    /**
     * @param bodyBytes the largest body that is read, in bytes
     * @param deadline from the first byte of the request to the answer
     */
    record Limits(int bodyBytes, Duration deadline) {
        /** One document or message. */
        static final Limits USUAL = new Limits(1 << 20, Duration.ofSeconds(30));
        /** A hundred devices with twins of 72 KB each. */
        static final Limits BULK = new Limits(16 << 20, Duration.ofSeconds(60));
        /** A block of a file, or a file at once. */
        static final Limits BLOB = new Limits(100 << 20, Duration.ofMinutes(10));
        /** Both time-outs of a direct method at their largest, and some seconds for ourselves. */
        static final Limits METHOD = new Limits(1 << 20, Duration.ofSeconds(2 * 300 + 10));
    }
}
