package io.hubwire.localhub.amqp;

import java.util.BitSet;
import org.apache.qpid.protonj2.engine.AMQPPerformativeEnvelopePool;
import org.apache.qpid.protonj2.engine.EngineHandler;
import org.apache.qpid.protonj2.engine.EngineHandlerContext;
import org.apache.qpid.protonj2.engine.HeaderEnvelope;
import org.apache.qpid.protonj2.engine.IncomingAMQPEnvelope;
import org.apache.qpid.protonj2.types.transport.Begin;
import org.apache.qpid.protonj2.types.transport.Close;
import org.apache.qpid.protonj2.types.transport.End;
import org.apache.qpid.protonj2.types.transport.Flow;
import org.apache.qpid.protonj2.types.transport.Open;
import org.apache.qpid.protonj2.types.transport.Performative;

/**
 * Stands between frames and engine and smooths over two things.
 *
 * <p>Clients end a session while deliveries are on the way and still send dispositions for them; to the engine a frame on
 * an ended channel is fatal, so such frames are dropped between End and the next Begin (amqp 9.3, no. 2).
 *
 * <p>A Flow for one link also moves the session's window, but the engine then wakes that one link only, and the session's
 * other senders would stall. So the session part is shown to the engine by itself first.
 */
final class LateFrames implements EngineHandler {
    private final AMQPPerformativeEnvelopePool<IncomingAMQPEnvelope> envelopes =
            AMQPPerformativeEnvelopePool.incomingEnvelopePool();
    private final BitSet ended = new BitSet();
    private boolean headerSeen;

    /** Whether the AMQP header (not SASL's) has been read. */
    boolean headerSeen() {
        return headerSeen;
    }

    @Override
    public void handleRead(EngineHandlerContext context, HeaderEnvelope header) {
        headerSeen |= !header.isSaslHeader();
        context.fireRead(header);
    }

    @Override
    public void handleRead(EngineHandlerContext context, IncomingAMQPEnvelope envelope) {
        Performative frame = envelope.getBody();
        int channel = envelope.getChannel() & 0xffff;
        if (frame instanceof Open || frame instanceof Close) {
            context.fireRead(envelope); // of the connection, though they come on channel 0
            return;
        }
        if (frame instanceof Begin) {
            ended.clear(channel);
        } else if (frame instanceof End && !ended.get(channel)) {
            ended.set(channel);
        } else if (ended.get(channel)) {
            envelope.release();
            return;
        } else if (frame instanceof Flow flow && flow.hasHandle()) {
            context.fireRead(envelopes.take(sessionPart(flow), channel, null));
        }
        context.fireRead(envelope);
    }

    private static Flow sessionPart(Flow flow) {
        Flow session = new Flow();
        if (flow.hasNextIncomingId()) {
            session.setNextIncomingId(flow.getNextIncomingId());
        }
        session.setIncomingWindow(flow.getIncomingWindow());
        session.setNextOutgoingId(flow.getNextOutgoingId());
        session.setOutgoingWindow(flow.getOutgoingWindow());
        return session;
    }
}
