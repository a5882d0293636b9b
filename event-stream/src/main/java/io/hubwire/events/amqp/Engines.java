package io.hubwire.events.amqp;

import io.hubwire.protocol.trace.WireTrace;
import org.apache.qpid.protonj2.engine.Engine;
import org.apache.qpid.protonj2.engine.EngineHandler;
import org.apache.qpid.protonj2.engine.EngineHandlerContext;
import org.apache.qpid.protonj2.engine.EnginePipeline;
import org.apache.qpid.protonj2.engine.HeaderEnvelope;
import org.apache.qpid.protonj2.engine.impl.ProtonConstants;
import org.apache.qpid.protonj2.engine.impl.ProtonEngine;
import org.apache.qpid.protonj2.engine.impl.ProtonFrameDecodingHandler;
import org.apache.qpid.protonj2.engine.impl.ProtonFrameEncodingHandler;
import org.apache.qpid.protonj2.engine.impl.ProtonPerformativeHandler;
import org.apache.qpid.protonj2.engine.impl.sasl.ProtonSaslHandler;

/** Makes protonj2 engines that can be watched. Reads run from the end of the pipeline to its head, writes the other way. */
final class Engines {
    private Engines() {}

    /** Notes when the peer's AMQP header has been read. */
    static final class HeaderWatch implements EngineHandler {
        private boolean seen;

        boolean seen() {
            return seen;
        }

        @Override
        public void handleRead(EngineHandlerContext context, HeaderEnvelope header) {
            seen |= !header.isSaslHeader();
            context.fireRead(header);
        }
    }

    static Engine create(boolean sasl, HeaderWatch watch, WireTrace trace) {
        return Codecs.withFresh(() -> {
            ProtonEngine engine = new ProtonEngine();
            EnginePipeline pipeline = engine.pipeline();
            pipeline.addLast(ProtonConstants.AMQP_PERFORMATIVE_HANDLER, new ProtonPerformativeHandler());
            pipeline.addLast("header-watch", watch);
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
