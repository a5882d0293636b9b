package io.hubwire.mqtt.link;

import io.hubwire.protocol.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Status line and headers of an HTTP/1.1 answer.
 *
 * @param status 100 to 999
 * @param headers names in lower case; of repeated ones the first
 */
record HttpHead(int status, Map<String, String> headers) {
    private static final int LONGEST = 16 * 1024;
    private static final int STATUS_START = 9;
    private static final int STATUS_END = 12;

    /**
     * Reads up to the empty line and not one byte further: what follows is not HTTP.
     *
     * @param who answers, for the complaint
     */
    static HttpHead read(InputStream in, String who) throws IOException {
        String[] lines = readLines(in, who).split("\r\n", -1);
        String statusLine = lines[0];
        if (!statusLine.startsWith("HTTP/1.") || statusLine.length() < STATUS_END) {
            throw new RouteException(ErrorCode.MALFORMED_REPLY, who + " did not answer in HTTP/1.1");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(
                        lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
        }
        return new HttpHead(status(statusLine, who), headers);
    }

    private static int status(String statusLine, String who) throws RouteException {
        String digits = statusLine.substring(STATUS_START, STATUS_END);
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new RouteException(ErrorCode.MALFORMED_REPLY, who + " answered without a status");
        }
        return Integer.parseInt(digits);
    }

    private static String readLines(InputStream in, String who) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException(who + " closed the connection before it had answered");
            }
            if (head.size() == LONGEST) {
                throw new RouteException(
                        ErrorCode.MALFORMED_REPLY, who + " sent more than " + LONGEST + " bytes of headers");
            }
            head.write(next);
            boolean expected = next == (matched % 2 == 0 ? '\r' : '\n');
            matched = expected ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }
}
