package io.hubwire.localhub.amqp;

import io.hubwire.protocol.trace.WireTrace;
import org.apache.qpid.protonj2.engine.Engine;
import org.apache.qpid.protonj2.engine.EnginePipeline;
import org.apache.qpid.protonj2.engine.impl.ProtonConstants;
import org.apache.qpid.protonj2.engine.impl.ProtonEngine;
import org.apache.qpid.protonj2.engine.impl.ProtonFrameDecodingHandler;
import org.apache.qpid.protonj2.engine.impl.ProtonFrameEncodingHandler;
import org.apache.qpid.protonj2.engine.impl.ProtonPerformativeHandler;
import org.apache.qpid.protonj2.engine.impl.sasl.ProtonSaslHandler;

/**
 * Makes protonj2 engines with two handlers of ours in the pipeline. Reads run from the end of the list to its head,
 * writes the other way.
 */
final class Engines {
    private Engines() {}

    /** @param sasl whether the peer's first header asked for SASL */
    static Engine create(boolean sasl, LateFrames late, WireTrace trace) {
        return Codecs.withFresh(() -> {
            ProtonEngine engine = new ProtonEngine();
            EnginePipeline pipeline = engine.pipeline();
            pipeline.addLast(ProtonConstants.AMQP_PERFORMATIVE_HANDLER, new ProtonPerformativeHandler());
            pipeline.addLast("late-frames", late);
            if (sasl) {
                pipeline.addLast(ProtonConstants.SASL_PERFORMATIVE_HANDLER, new ProtonSaslHandler());
            }
            if (trace != WireTrace.NONE) {
                pipeline.addLast("trace", new FrameTrace(trace));
            }
            pipeline.addLast(ProtonConstants.FRAME_DECODING_HANDLER, new ProtonFrameDecodingHandler());
            pipeline.addLast(ProtonConstants.FRAME_ENCODING_HANDLER, new ProtonFrameEncodingHandler());
            return engine;
        });
    }
}
