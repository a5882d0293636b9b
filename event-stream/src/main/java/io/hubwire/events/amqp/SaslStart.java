package io.hubwire.events.amqp;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.TransportException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.engine.sasl.SaslClientContext;
import org.apache.qpid.protonj2.engine.sasl.SaslClientListener;
import org.apache.qpid.protonj2.engine.sasl.SaslOutcome;
import org.apache.qpid.protonj2.types.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * SASL without credentials: {@code MSSBCBS} where it is offered, else {@code ANONYMOUS}. Who we are is said afterwards, by
 * put-token. Source: amqp 1.1.
 */
final class SaslStart implements SaslClientListener {
    private static final List<Symbol> WANTED = List.of(Symbol.valueOf("MSSBCBS"), Symbol.valueOf("ANONYMOUS"));

    private final String hostname;
    private final Consumer<HubwireException> refused;

    SaslStart(String hostname, Consumer<HubwireException> refused) {
        this.hostname = hostname;
        this.refused = refused;
    }

    @Override
    public void handleSaslMechanisms(SaslClientContext context, Symbol[] offered) {
        List<Symbol> all = List.of(offered);
        WANTED.stream()
                .filter(all::contains)
                .findFirst()
                .ifPresentOrElse(
                        mechanism -> context.sendChosenMechanism(mechanism, hostname, noBytes()),
                        () -> refused.accept(new TransportException(
                                ErrorCode.UNSUPPORTED,
                                "AMQP at [" + hostname + "] offers SASL " + all + "; wanted is one of " + WANTED)));
    }

    @Override
    public void handleSaslChallenge(SaslClientContext context, ProtonBuffer challenge) {
        refused.accept(
                new RemoteProtocolException("AMQP at [" + hostname + "] sent a SASL challenge nobody asked for"));
    }

    @Override
    public void handleSaslOutcome(SaslClientContext context, SaslOutcome outcome, @Nullable ProtonBuffer additional) {
        if (outcome != SaslOutcome.SASL_OK) {
            refused.accept(new TransportException(
                    ErrorCode.UNAUTHORIZED, "AMQP at [" + hostname + "] refused the log-in: " + outcome));
        }
    }

    private static ProtonBuffer noBytes() {
        return ProtonBufferAllocator.defaultAllocator().allocate(0);
    }
}
