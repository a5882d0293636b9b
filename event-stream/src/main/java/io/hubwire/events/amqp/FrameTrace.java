package io.hubwire.events.amqp;

import io.hubwire.protocol.trace.WireTrace;
import io.hubwire.protocol.trace.WireTrace.Direction;
import java.util.Locale;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.engine.EngineHandler;
import org.apache.qpid.protonj2.engine.EngineHandlerContext;
import org.apache.qpid.protonj2.engine.HeaderEnvelope;
import org.apache.qpid.protonj2.engine.IncomingAMQPEnvelope;
import org.apache.qpid.protonj2.engine.OutgoingAMQPEnvelope;
import org.apache.qpid.protonj2.engine.SASLEnvelope;
import org.apache.qpid.protonj2.types.security.SaslInit;
import org.apache.qpid.protonj2.types.security.SaslPerformative;
import org.apache.qpid.protonj2.types.transport.Performative;
import org.jspecify.annotations.Nullable;

/**
 * Reports each frame. What a transfer carries shows as a number of bytes and a SASL response not at all, since tokens
 * travel in both.
 */
final class FrameTrace implements EngineHandler {
    private static final String PROTOCOL = "AMQP";

    private final WireTrace trace;

    FrameTrace(WireTrace trace) {
        this.trace = trace;
    }

    @Override
    public void handleRead(EngineHandlerContext context, HeaderEnvelope header) {
        report(Direction.IN, header);
        context.fireRead(header);
    }

    @Override
    public void handleRead(EngineHandlerContext context, SASLEnvelope frame) {
        report(Direction.IN, frame.getBody());
        context.fireRead(frame);
    }

    @Override
    public void handleRead(EngineHandlerContext context, IncomingAMQPEnvelope frame) {
        report(Direction.IN, frame.getBody(), frame.getChannel(), frame.getPayload());
        context.fireRead(frame);
    }

    @Override
    public void handleWrite(EngineHandlerContext context, HeaderEnvelope header) {
        report(Direction.OUT, header);
        context.fireWrite(header);
    }

    @Override
    public void handleWrite(EngineHandlerContext context, SASLEnvelope frame) {
        report(Direction.OUT, frame.getBody());
        context.fireWrite(frame);
    }

    @Override
    public void handleWrite(EngineHandlerContext context, OutgoingAMQPEnvelope frame) {
        report(Direction.OUT, frame.getBody(), frame.getChannel(), frame.getPayload());
        context.fireWrite(frame);
    }

    private void report(Direction direction, HeaderEnvelope header) {
        trace.seen(new WireTrace.Event(
                direction,
                PROTOCOL,
                header.isSaslHeader() ? "SASL-HEADER" : "HEADER",
                header.getMajor() + "." + header.getMinor() + "." + header.getRevision()));
    }

    private void report(Direction direction, SaslPerformative frame) {
        String summary = frame instanceof SaslInit init
                ? "mechanism=" + init.getMechanism() + " hostname=" + init.getHostname() + " initial-response=…"
                : frame.toString();
        trace.seen(new WireTrace.Event(direction, PROTOCOL, kind(frame), oneLine(summary)));
    }

    private void report(
            Direction direction, @Nullable Performative frame, int channel, @Nullable ProtonBuffer payload) {
        if (frame == null) {
            return; // an empty frame: a heartbeat
        }
        String size = payload == null ? "" : " payload=" + payload.getReadableBytes() + " bytes";
        trace.seen(new WireTrace.Event(
                direction, PROTOCOL, kind(frame), oneLine("channel=" + channel + size + " " + fields(frame))));
    }

    /** The engine prints {@code Attach{name='x', handle=0, role=…}}; without the name, the braces and what is absent. */
    private static String fields(Performative frame) {
        String text = frame.toString();
        int open = text.indexOf('{');
        String inner = open >= 0 && text.endsWith("}") ? text.substring(open + 1, text.length() - 1) : text;
        return inner.replaceAll("(?:^|, ?)[A-Za-z]+=null(?=,|$)", "").replaceFirst("^, ?", "");
    }

    private static String kind(Object frame) {
        return frame.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toUpperCase(Locale.ROOT);
    }

    /** Also hides user and token of an address like {@code amqps://user:token@host/…}. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", "?").replaceAll("//[^/@ ]*@", "//…@");
    }
}
