package io.hubwire.events.amqp;

import io.hubwire.protocol.RemoteProtocolException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an HTTP/1.1 answer. Source: RFC 9112 sections 4 and 5.
 *
 * @param status 100 to 999
 * @param headers names in lower case; of repeated ones the first
 */
record HttpAnswer(int status, Map<String, String> headers) {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-9]\\d\\d)(?: .*)?");
    private static final int MAX_BYTES = 16 * 1024;
    /** CR LF CR LF. */
    private static final int EMPTY_LINE = 0x0d0a0d0a;

    /** What happens before each read, such as a look at the clock. */
    interface BeforeRead {
        void run() throws IOException;
    }

    HttpAnswer {
        headers = Map.copyOf(headers);
    }

    /** The header's value, empty when there is none. */
    String header(String lowerCaseName) {
        return headers.getOrDefault(lowerCaseName, "");
    }

    /**
     * Reads up to the empty line and no further: what follows is not HTTP.
     *
     * @param who answers, for the complaint
     * @throws RemoteProtocolException when it is no HTTP, or more than 16 KB of it
     */
    static HttpAnswer read(InputStream in, BeforeRead before, String who) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int lastFour = 0; lastFour != EMPTY_LINE; ) {
            before.run();
            int next = in.read();
            if (next < 0) {
                throw new EOFException(who + " closed the connection before it had answered");
            }
            if (head.size() == MAX_BYTES) {
                throw new RemoteProtocolException(who + " sent more than " + MAX_BYTES + " bytes of headers");
            }
            head.write(next);
            lastFour = lastFour << 8 | next;
        }
        return parse(head.toString(StandardCharsets.ISO_8859_1), who);
    }

    private static HttpAnswer parse(String head, String who) {
        String[] lines = head.split("\r\n", -1);
        Matcher statusLine = STATUS_LINE.matcher(lines[0]);
        if (!statusLine.matches()) {
            throw new RemoteProtocolException(who + " did not answer in HTTP/1.1");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] pair = lines[i].split(":", 2);
            if (pair.length == 2) {
                headers.putIfAbsent(pair[0].toLowerCase(Locale.ROOT), pair[1].strip());
            }
        }
        return new HttpAnswer(Integer.parseInt(statusLine.group(1)), headers);
    }
}
