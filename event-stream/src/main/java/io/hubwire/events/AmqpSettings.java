package io.hubwire.events;

import io.hubwire.auth.HttpProxy;
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

    /** The port of WebSocket over TLS. */
    public static final int DEFAULT_WEB_SOCKET_PORT = 443;

    private static final AmqpSettings DEFAULTS = new AmqpSettings(
            null,
            null,
            false,
            null,
            TlsTrust.platform(),
            true,
            Duration.ofSeconds(20),
            Duration.ofMinutes(5),
            WireTrace.NONE);

    private final @Nullable String connectHost;
    private final @Nullable Integer port;
    private final boolean webSocket;
    private final @Nullable HttpProxy proxy;
    private final TlsTrust trust;
    private final boolean sasl;
    private final Duration timeout;
    private final Duration giveUpAfter;
    private final WireTrace trace;

    private AmqpSettings(
            @Nullable String connectHost,
            @Nullable Integer port,
            boolean webSocket,
            @Nullable HttpProxy proxy,
            TlsTrust trust,
            boolean sasl,
            Duration timeout,
            Duration giveUpAfter,
            WireTrace trace) {
        this.connectHost = connectHost;
        this.port = port;
        this.webSocket = webSocket;
        this.proxy = proxy;
        this.trust = trust;
        this.sasl = sasl;
        this.timeout = timeout;
        this.giveUpAfter = giveUpAfter;
        this.trace = trace;
    }

    /** AMQP on port 5671, no proxy, the platform's trust, SASL, 20 s for each step, 5 minutes of outage, no trace. */
    public static AmqpSettings defaults() {
        return DEFAULTS;
    }

    /** Connects to this host in place of the connection string's, whose name is still what TLS must prove. */
    public AmqpSettings connectHost(String host) {
        return new AmqpSettings(host, port, webSocket, proxy, trust, sasl, timeout, giveUpAfter, trace);
    }

    /** In place of the usual one and of the connection string's. @param value 1 to 65535 */
    public AmqpSettings port(int value) {
        if (value < 1 || value > 65_535) {
            throw new IllegalArgumentException("port [" + value + "] is not within 1 to 65535");
        }
        return new AmqpSettings(connectHost, value, webSocket, proxy, trust, sasl, timeout, giveUpAfter, trace);
    }

    /**
     * Whether to speak over WebSocket (port 443 unless {@link #port} says otherwise), for networks that let nothing but HTTPS
     * through. Off unless set.
     */
    public AmqpSettings webSocket(boolean value) {
        return new AmqpSettings(connectHost, port, value, proxy, trust, sasl, timeout, giveUpAfter, trace);
    }

    /** Tunnels each connection through this proxy; many let port 443 through only, see {@link #webSocket}. */
    public AmqpSettings proxy(HttpProxy value) {
        return new AmqpSettings(connectHost, port, webSocket, value, trust, sasl, timeout, giveUpAfter, trace);
    }

    /** Which servers are believed; the platform's roots unless set. Host names are checked in any case. */
    public AmqpSettings trust(TlsTrust value) {
        return new AmqpSettings(connectHost, port, webSocket, proxy, value, sasl, timeout, giveUpAfter, trace);
    }

    /** Whether to begin with SASL (default), or with AMQP from the first byte. Either way a token is put afterwards. */
    public AmqpSettings sasl(boolean value) {
        return new AmqpSettings(connectHost, port, webSocket, proxy, trust, value, timeout, giveUpAfter, trace);
    }

    /** For each step: TCP, proxy, TLS, WebSocket, log-in, link, request, the outcome of a message. @param value more than zero */
    public AmqpSettings timeout(Duration value) {
        return new AmqpSettings(connectHost, port, webSocket, proxy, trust, sasl, positive(value), giveUpAfter, trace);
    }

    /** How long to try again after a connection that was good is lost. @param value more than zero */
    public AmqpSettings giveUpAfter(Duration value) {
        return new AmqpSettings(connectHost, port, webSocket, proxy, trust, sasl, timeout, positive(value), trace);
    }

    /** Sees every frame, secrets masked. */
    public AmqpSettings trace(WireTrace value) {
        return new AmqpSettings(connectHost, port, webSocket, proxy, trust, sasl, timeout, giveUpAfter, value);
    }

    /** Empty for the connection string's host. */
    public Optional<String> connectHost() {
        return Optional.ofNullable(connectHost);
    }

    /** 1 to 65,535; empty for the connection string's, or else the usual one. */
    public OptionalInt port() {
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    public boolean webSocket() {
        return webSocket;
    }

    public Optional<HttpProxy> proxy() {
        return Optional.ofNullable(proxy);
    }

    public TlsTrust trust() {
        return trust;
    }

    public boolean sasl() {
        return sasl;
    }

    /** For each step; above zero. */
    public Duration timeout() {
        return timeout;
    }

    /** How long a lost connection is tried again; above zero. */
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
