package io.hubwire.localhub.https;

import io.hubwire.protocol.Secrets;
import io.hubwire.protocol.trace.WireTrace;
import io.hubwire.protocol.trace.WireTrace.Direction;
import io.hubwire.protocol.trace.WireTrace.Event;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/** Reports every request and answer, decoded and with its secrets masked: the one place where HTTPS is traced. */
final class HttpTrace {
    private static final String PROTOCOL = "HTTPS";

    private final WireTrace trace;

    HttpTrace(WireTrace trace) {
        this.trace = trace;
    }

    /** Whether anyone looks; if not, nothing needs to be put together. */
    boolean isOn() {
        return trace != WireTrace.NONE;
    }

    /** @param target path and query as sent */
    void request(String method, String target, HttpFields headers, ByteBuffer body) {
        if (isOn()) {
            report(Direction.IN, method + " " + Secrets.mask(target), headers, body);
        }
    }

    void answer(String method, String target, HttpAnswer answer) {
        if (isOn()) {
            report(
                    Direction.OUT,
                    answer.status() + " " + method + " " + Secrets.mask(target),
                    answer.headers(),
                    answer.body());
        }
    }

    private void report(Direction direction, String kind, HttpFields headers, ByteBuffer body) {
        StringBuilder summary = new StringBuilder();
        for (HttpField field : headers) {
            summary.append(field.getName())
                    .append(": ")
                    .append(Masking.header(field.getName(), String.valueOf(field.getValue())))
                    .append("; ");
        }
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        summary.append(Masking.body(bytes));
        trace.seen(new Event(direction, PROTOCOL, kind, summary.toString()));
    }
}
