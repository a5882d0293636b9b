package io.hubwire.mqtt.link;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.http.AnswerHead;
import io.hubwire.protocol.time.Timer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/**
 * Reads the time off a server's HTTPS endpoint: the {@code Date} header that it puts on whatever it answers, an error
 * included. Shows no credential. Source: RFC 9110 section 6.6.1.
 */
public final class HttpsDate implements PeerClock {
    private final WireFactory wires;
    private final String host;
    private final Timer timer;
    private final Duration timeout;

    /**
     * @param wires TLS to the endpoint
     * @param host of the request, with the port where it is not 443
     * @param timeout for everything together
     */
    public HttpsDate(WireFactory wires, String host, Timer timer, Duration timeout) {
        this.wires = wires;
        this.host = host;
        this.timer = timer;
        this.timeout = timeout;
    }

    @Override
    public Instant read() throws IOException {
        Wire wire = wires.create();
        Timer.Scheduled deadline = timer.schedule(timeout, wire::abort);
        try {
            wire.open();
            OutputStream out = wire.output();
            out.write(("HEAD / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return date(AnswerReader.read(wire.input(), "[" + wire.peer() + "]"), wire.peer());
        } finally {
            deadline.cancel();
            wire.abort();
        }
    }

    private static Instant date(AnswerHead answer, String peer) throws RouteException {
        String date = answer.header("date").orElse("");
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
        } catch (DateTimeParseException none) {
            throw new RouteException(
                    ErrorCode.MALFORMED_REPLY,
                    "[" + peer + "] answered " + answer.status() + " with the date [" + date + "]");
        }
    }
}
