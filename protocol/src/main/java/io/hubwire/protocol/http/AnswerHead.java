package io.hubwire.protocol.http;

import io.hubwire.protocol.RemoteProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Status line and headers of an HTTP/1.1 answer, where what follows is not HTTP: behind a proxy's tunnel or a WebSocket's
 * handshake. Source: RFC 9112 sections 4 and 5.
 *
 * @param status 100 to 999
 * @param headers names in lower case; of repeated ones the first
 */
public record AnswerHead(int status, Map<String, String> headers) {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-9]\\d\\d)(?: .*)?");

    public AnswerHead {
        headers = Map.copyOf(headers);
    }

    /** The header's value; empty when there is none. */
    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    /** Takes a head byte by byte, and not one byte more. Not thread-safe. */
    public static final class Gatherer {
        private static final int MAX_BYTES = 16 * 1024;
        /** CR LF CR LF. */
        private static final int EMPTY_LINE = 0x0d0a0d0a;

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final String who;
        private int lastFour;

        /** @param who answers, for the complaint */
        public Gatherer(String who) {
            this.who = who;
        }

        /**
         * Takes the next byte.
         *
         * @return the head when this was its last byte
         * @throws RemoteProtocolException when it is no HTTP/1.1, or more than 16 KiB of it
         */
        public Optional<AnswerHead> add(int octet) {
            if (bytes.size() == MAX_BYTES) {
                throw new RemoteProtocolException(who + " sent more than " + MAX_BYTES + " bytes of headers");
            }
            bytes.write(octet);
            lastFour = lastFour << 8 | octet;
            return lastFour == EMPTY_LINE ? Optional.of(parse()) : Optional.empty();
        }

        private AnswerHead parse() {
            String[] lines = bytes.toString(StandardCharsets.ISO_8859_1).split("\r\n", -1);
            Matcher statusLine = STATUS_LINE.matcher(lines[0]);
            if (!statusLine.matches()) {
                throw new RemoteProtocolException(who + " did not answer in HTTP/1.1");
            }
            Map<String, String> headers = new LinkedHashMap<>();
            for (int i = 1; i < lines.length; i++) {
                if (lines[i].chars().anyMatch(c -> c < ' ' && c != '\t')) { // a bare line feed, above all
                    throw new RemoteProtocolException(
                            who + " sent a control character in header " + i + "; RFC 9110 section 5.5");
                }
                int colon = lines[i].indexOf(':');
                if (colon > 0) {
                    headers.putIfAbsent(
                            lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT),
                            lines[i].substring(colon + 1).strip());
                }
            }
            return new AnswerHead(Integer.parseInt(statusLine.group(1)), headers);
        }
    }
}
