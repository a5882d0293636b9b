package io.hubwire.events.amqp;

import java.util.function.Supplier;
import org.apache.qpid.protonj2.codec.CodecFactory;
import org.apache.qpid.protonj2.codec.Decoder;
import org.apache.qpid.protonj2.codec.Encoder;

/**
 * A codec of its own for each connection. protonj2 hands every engine the same encoder and decoder, and both learn types
 * they meet into plain hash maps: unsafe with an engine per thread, and a peer that invents described types would fill the
 * memory of all. An engine takes its codec when it is made and when it reads the AMQP header; both happen in here.
 */
final class Codecs {
    private Codecs() {}

    /** Runs a step in which an engine may take its codecs, and sees to it that it gets fresh ones. */
    static synchronized <T> T withFresh(Supplier<T> step) {
        CodecFactory.setEncoder(newEncoder());
        CodecFactory.setDecoder(newDecoder());
        CodecFactory.setSaslEncoder(CodecFactory.getDefaultSaslEncoder());
        CodecFactory.setSaslDecoder(CodecFactory.getDefaultSaslDecoder());
        return step.get();
    }

    /** For one thread. */
    static Encoder newEncoder() {
        return CodecFactory.getDefaultEncoder();
    }

    /** For one thread. */
    static Decoder newDecoder() {
        return CodecFactory.getDefaultDecoder();
    }
}
