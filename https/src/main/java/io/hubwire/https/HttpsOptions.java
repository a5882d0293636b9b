package io.hubwire.https;

import io.hubwire.auth.HttpProxy;
import io.hubwire.auth.TlsTrust;
import io.hubwire.auth.X509Identity;
import io.hubwire.protocol.trace.WireTrace;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an {@link HttpsClient} connects and how. Immutable. Only the host name is required:
 *
 * <pre>{@code
 * HttpsOptions.to("contoso.azure-devices.net").timeout(Duration.ofSeconds(10)).build();
 * HttpsOptions.to("localhost").port(8443).trust(TlsTrust.pem(caFile)).build(); // a local hub
 * }</pre>
 */
public final class HttpsOptions {
    /** What HTTPS uses unless told otherwise; connection strings carry no port. */
    public static final int DEFAULT_PORT = 443;

    private final Builder b;

    private HttpsOptions(Builder b) {
        this.b = b.copy(b.hostName);
    }

    /** Options for this host. It is the name in SNI, in the certificate and in the {@code Host} header. */
    public static Builder to(String hostName) {
        return new Builder(hostName);
    }

    public String hostName() {
        return b.hostName;
    }

    /** 1 to 65 535. */
    public int port() {
        return b.port;
    }

    /** Where the TCP connection really goes, or empty for {@link #hostName()}. */
    public Optional<String> connectHost() {
        return Optional.ofNullable(b.connectHost);
    }

    public TlsTrust trust() {
        return b.trust == null ? TlsTrust.platform() : b.trust;
    }

    public Optional<X509Identity> clientCertificate() {
        return Optional.ofNullable(b.clientCertificate);
    }

    public Optional<HttpProxy> proxy() {
        return Optional.ofNullable(b.proxy);
    }

    public Duration timeout() {
        return b.timeout;
    }

    public Duration connectTimeout() {
        return b.connectTimeout;
    }

    public RetryPolicy retry() {
        return b.retry;
    }

    public WireTrace trace() {
        return b.trace;
    }

    public String userAgent() {
        return b.userAgent;
    }

    public int maxConcurrent() {
        return b.maxConcurrent;
    }

    public int maxPending() {
        return b.maxPending;
    }

    public int maxResponseBytes() {
        return b.maxResponseBytes;
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        return b.copy(b.hostName);
    }

    /** A builder that starts from these options, for another host: one that a redirect names. */
    public Builder toBuilder(String otherHostName) {
        return b.copy(otherHostName);
    }

    @Override
    public String toString() {
        return "HttpsOptions[" + b.hostName + ":" + b.port + (b.connectHost == null ? "" : " at " + b.connectHost)
                + "]";
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private final String hostName;
        private int port = DEFAULT_PORT;
        private @Nullable String connectHost;
        private @Nullable TlsTrust trust;
        private @Nullable X509Identity clientCertificate;
        private @Nullable HttpProxy proxy;
        private Duration timeout = Duration.ofSeconds(30);
        private Duration connectTimeout = Duration.ofSeconds(10);
        private RetryPolicy retry = RetryPolicy.DEFAULT;
        private WireTrace trace = WireTrace.NONE;
        private String userAgent = "hubwire/0.1";
        private int maxConcurrent = 16;
        private int maxPending = 1_024;
        private int maxResponseBytes = 16 * 1024 * 1024;

        private Builder(String hostName) {
            this.hostName = hostName;
        }

        /** 1 to 65 535; default 443. */
        public Builder port(int value) {
            this.port = within("port", value, 1, 65_535);
            return this;
        }

        /**
         * Connects to this name or address instead, while TLS and HTTP still speak of the host name: for a gateway, or a
         * local hub under another name. Not together with a proxy, which resolves names itself.
         */
        public Builder connectHost(@Nullable String value) {
            this.connectHost = value;
            return this;
        }

        /** Which servers are believed; default the platform's roots. Host names are checked in any case. */
        public Builder trust(TlsTrust value) {
            this.trust = value;
            return this;
        }

        /** Shown when the server asks for a certificate; null for none. */
        public Builder clientCertificate(@Nullable X509Identity value) {
            this.clientCertificate = value;
            return this;
        }

        /** Default: what the JDK's system properties ({@code https.proxyHost}) say. */
        public Builder proxy(@Nullable HttpProxy value) {
            this.proxy = value;
            return this;
        }

        /** Deadline of a whole call, repetitions included, unless the request has its own; default 30 s. */
        public Builder timeout(Duration value) {
            this.timeout = aboveZero("timeout", value);
            return this;
        }

        /** How long one address may take to accept a TCP connection; default 10 s. */
        public Builder connectTimeout(Duration value) {
            this.connectTimeout = aboveZero("connectTimeout", value);
            return this;
        }

        /** Default {@link RetryPolicy#DEFAULT}. */
        public Builder retry(RetryPolicy value) {
            this.retry = value;
            return this;
        }

        /** Sees every attempt and every answer, secrets masked. */
        public Builder trace(WireTrace value) {
            this.trace = value;
            return this;
        }

        /** The {@code User-Agent} header. */
        public Builder userAgent(String value) {
            HeaderRules.check("User-Agent", value);
            this.userAgent = value;
            return this;
        }

        /** Calls on the wire at once, each with a connection and a thread; default 16. Further ones wait their turn. */
        public Builder maxConcurrent(int value) {
            this.maxConcurrent = within("maxConcurrent", value, 1, 10_000);
            return this;
        }

        /** Calls under way or waiting; default 1,024. Above it {@code send} fails with {@code QUEUE_FULL}. */
        public Builder maxPending(int value) {
            this.maxPending = within("maxPending", value, 1, 1_000_000);
            return this;
        }

        /** Largest answer that is read, in bytes; default 16 MiB. */
        public Builder maxResponseBytes(int value) {
            this.maxResponseBytes = within("maxResponseBytes", value, 1, Integer.MAX_VALUE - 16);
            return this;
        }

        public HttpsOptions build() {
            if (proxy != null && connectHost != null) {
                throw new IllegalStateException("connectHost [" + connectHost
                        + "] has no effect behind a proxy, which resolves the host name itself; set one of them");
            }
            return new HttpsOptions(this);
        }

        private Builder copy(String host) {
            Builder c = new Builder(host);
            c.port = port;
            c.connectHost = connectHost;
            c.trust = trust;
            c.clientCertificate = clientCertificate;
            c.proxy = proxy;
            c.timeout = timeout;
            c.connectTimeout = connectTimeout;
            c.retry = retry;
            c.trace = trace;
            c.userAgent = userAgent;
            c.maxConcurrent = maxConcurrent;
            c.maxPending = maxPending;
            c.maxResponseBytes = maxResponseBytes;
            return c;
        }

        private static int within(String name, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(name + " [" + value + "] must be " + least + " to " + most);
            }
            return value;
        }

        private static Duration aboveZero(String name, Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException(name + " [" + value + "] must be above zero");
            }
            return value;
        }
    }
}
