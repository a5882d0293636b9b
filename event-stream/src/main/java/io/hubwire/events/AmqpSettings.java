package io.hubwire.events;

import io.hubwire.auth.TlsTrust;
import io.hubwire.protocol.trace.WireTrace;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the service over AMQP: what a connection string does not say. Immutable; each method returns a copy.
 * Source: amqp 1.
 */
public final class AmqpSettings {
    /** The port of AMQP over TLS. */
    public static final int DEFAULT_PORT = 5671;

    private static final AmqpSettings DEFAULTS = new AmqpSettings(
            null, null, TlsTrust.platform(), true, Duration.ofSeconds(20), Duration.ofMinutes(5), WireTrace.NONE);

    private final @Nullable String connectHost;
    private final @Nullable Integer port;
    private final TlsTrust trust;
    private final boolean sasl;
    private final Duration timeout;
    private final Duration giveUpAfter;
    private final WireTrace trace;

    private AmqpSettings(
            @Nullable String connectHost,
            @Nullable Integer port,
            TlsTrust trust,
            boolean sasl,
            Duration timeout,
            Duration giveUpAfter,
            WireTrace trace) {
        this.connectHost = connectHost;
        this.port = port;
        this.trust = trust;
        this.sasl = sasl;
        this.timeout = timeout;
        this.giveUpAfter = giveUpAfter;
        this.trace = trace;
    }

    /** Port 5671, the platform's trust, SASL, 20 s for each step, 5 minutes of outage, no trace. */
    public static AmqpSettings defaults() {
        return DEFAULTS;
    }

    /** Connects to this host in place of the connection string's, whose name is still what TLS must prove. */
    public AmqpSettings connectHost(String host) {
        return new AmqpSettings(host, port, trust, sasl, timeout, giveUpAfter, trace);
    }

    /** @param value 1 to 65535 */
    public AmqpSettings port(int value) {
        if (value < 1 || value > 65_535) {
            throw new IllegalArgumentException("port [" + value + "] is not within 1 to 65535");
        }
        return new AmqpSettings(connectHost, value, trust, sasl, timeout, giveUpAfter, trace);
    }

    public AmqpSettings trust(TlsTrust value) {
        return new AmqpSettings(connectHost, port, value, sasl, timeout, giveUpAfter, trace);
    }

    /** Whether to begin with SASL (default), or with AMQP from the first byte. Either way a token is put afterwards. */
    public AmqpSettings sasl(boolean value) {
        return new AmqpSettings(connectHost, port, trust, value, timeout, giveUpAfter, trace);
    }

    /** For each step: TCP, TLS, log-in, link, request, the outcome of a message. @param value more than zero */
    public AmqpSettings timeout(Duration value) {
        return new AmqpSettings(connectHost, port, trust, sasl, positive(value), giveUpAfter, trace);
    }

    /** How long to try again after a connection that was good is lost. @param value more than zero */
    public AmqpSettings giveUpAfter(Duration value) {
        return new AmqpSettings(connectHost, port, trust, sasl, timeout, positive(value), trace);
    }

    /** Sees every frame, secrets masked. */
    public AmqpSettings trace(WireTrace value) {
        return new AmqpSettings(connectHost, port, trust, sasl, timeout, giveUpAfter, value);
    }

    public Optional<String> connectHost() {
        return Optional.ofNullable(connectHost);
    }

    public OptionalInt port() {
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    public TlsTrust trust() {
        return trust;
    }

    public boolean sasl() {
        return sasl;
    }

    public Duration timeout() {
        return timeout;
    }

    public Duration giveUpAfter() {
        return giveUpAfter;
    }

    public WireTrace trace() {
        return trace;
    }

    private static Duration positive(Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("[" + value + "] is not more than zero");
        }
        return value;
    }
}
