package io.hubwire.mqtt;

import io.hubwire.auth.HttpProxy;
import io.hubwire.auth.TlsTrust;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.trace.WireTrace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a client behaves. Everything has a default; {@code ClientOptions.builder().build()} suits a hub in the cloud.
 *
 * @param transport what carries MQTT; default {@link Transport#TCP}
 * @param port 1 to 65,535; default 8883, or 443 with {@link Transport#WEB_SOCKET}
 * @param proxy to go through; default none
 * @param trust which servers are believed; default the platform's roots
 * @param productInfo what the device says about its software, shown in the hub's diagnostics; default none
 * @param modelId Plug and Play model, {@code dtmi:…}; default none
 * @param will telemetry that the hub sends itself when the connection ends without a goodbye, with the application property
 *     {@code iothub-MessageType} = {@code Will}; default none
 * @param keepAlive 1 s to 1,177 s, whole seconds; default 4 minutes. Hubs cut idle links after 1.5 times this
 * @param connectTimeout from the name lookup to CONNACK; default 30 s. A throttled hub answers late
 * @param messageTimeout from {@code send} to the acknowledgement; default 4 minutes
 * @param acknowledgementTimeout for one message on one link; past it the link counts as bad and is replaced; default 30 s
 * @param requestTimeout for twin requests; default 60 s
 * @param window most messages under way at once, 1 to 60,000; default 250
 * @param queueCapacity most messages not yet acknowledged, {@code window} or more; default 1,000
 * @param overflow what {@code send} does beyond that; default {@link OverflowPolicy#WAIT}
 * @param spool keeps messages on disk until they are acknowledged; default none
 * @param maxDeliveries how often a cloud-to-device message may fail in its handler before it is given up; default 5
 * @param retry when to try again; default {@link RetryPolicy#DEFAULT}
 * @param clockCheck what to do when the hub refuses a token; default {@link ClockCheck#REPORT}
 * @param httpsPort where the hub tells its time, 1 to 65,535; default 443
 * @param trace sees every packet; default {@link WireTrace#NONE}
 * @param metrics counts what the client does; default {@link ClientMetrics#NONE}
 * @param environment clock, timer and chance; default the real ones
 */
public record ClientOptions(
        Transport transport,
        int port,
        @Nullable HttpProxy proxy,
        TlsTrust trust,
        @Nullable String productInfo,
        @Nullable String modelId,
        @Nullable Message will,
        Duration keepAlive,
        Duration connectTimeout,
        Duration messageTimeout,
        Duration acknowledgementTimeout,
        Duration requestTimeout,
        int window,
        int queueCapacity,
        OverflowPolicy overflow,
        @Nullable SpoolFolder spool,
        int maxDeliveries,
        RetryPolicy retry,
        ClockCheck clockCheck,
        int httpsPort,
        WireTrace trace,
        ClientMetrics metrics,
        ClientEnvironment environment) {
    /** The longest keep-alive that is of use: hubs wait at most 1,767 s. Source: mqtt-device 1.5. */
    public static final Duration MAX_KEEP_ALIVE = Duration.ofSeconds(1177);

    /** Where hubs speak HTTPS, and MQTT over WebSocket. */
    static final int HTTPS_PORT = 443;

    private static final int MAX_PORT = 65_535;
    private static final int MAX_WINDOW = 60_000;

    /** @throws IllegalArgumentException when a range above is broken */
    public ClientOptions {
        require(port >= 1 && port <= MAX_PORT, "port", port, "1 to 65,535");
        require(httpsPort >= 1 && httpsPort <= MAX_PORT, "HTTPS port", httpsPort, "1 to 65,535");
        require(
                keepAlive.toSeconds() >= 1 && keepAlive.compareTo(MAX_KEEP_ALIVE) <= 0,
                "keep-alive",
                keepAlive,
                "1 s to 1,177 s");
        requirePositive(connectTimeout, "connect time-out");
        requirePositive(messageTimeout, "message time-out");
        requirePositive(acknowledgementTimeout, "acknowledgement time-out");
        requirePositive(requestTimeout, "request time-out");
        require(window >= 1 && window <= MAX_WINDOW, "window", window, "1 to 60,000");
        require(queueCapacity >= window, "queue capacity", queueCapacity, "the window or more");
        require(maxDeliveries >= 1, "most deliveries", maxDeliveries, "1 or more");
    }

    public static Builder builder() {
        return new Builder();
    }

    private static void requirePositive(Duration value, String name) {
        require(!value.isNegative() && !value.isZero(), name, value, "longer than zero");
    }

    private static void require(boolean ok, String name, Object value, String rule) {
        if (!ok) {
            throw new IllegalArgumentException(name + " [" + value + "] must be " + rule);
        }
    }

    /** Collects options; see the record for meaning, ranges and defaults. Not thread-safe. */
    public static final class Builder {
        private static final int DEFAULT_WINDOW = 250;
        private static final int DEFAULT_CAPACITY = 1000;
        private static final int DEFAULT_DELIVERIES = 5;

        private Transport transport = Transport.TCP;
        private @Nullable Integer port;
        private @Nullable HttpProxy proxy;
        private @Nullable TlsTrust trust;
        private @Nullable String productInfo;
        private @Nullable String modelId;
        private @Nullable Message will;
        private Duration keepAlive = Duration.ofMinutes(4);
        private Duration connectTimeout = Duration.ofSeconds(30);
        private Duration messageTimeout = Duration.ofMinutes(4);
        private Duration acknowledgementTimeout = Duration.ofSeconds(30);
        private Duration requestTimeout = Duration.ofSeconds(60);
        private int window = DEFAULT_WINDOW;
        private int queueCapacity = DEFAULT_CAPACITY;
        private OverflowPolicy overflow = OverflowPolicy.WAIT;
        private @Nullable SpoolFolder spool;
        private int maxDeliveries = DEFAULT_DELIVERIES;
        private RetryPolicy retry = RetryPolicy.DEFAULT;
        private ClockCheck clockCheck = ClockCheck.REPORT;
        private int httpsPort = HTTPS_PORT;
        private WireTrace trace = WireTrace.NONE;
        private ClientMetrics metrics = ClientMetrics.NONE;
        private @Nullable ClientEnvironment environment;

        private Builder() {}

        public Builder transport(Transport value) {
            transport = value;
            return this;
        }

        public Builder proxy(@Nullable HttpProxy value) {
            proxy = value;
            return this;
        }

        public Builder port(int value) {
            port = value;
            return this;
        }

        public Builder trust(TlsTrust value) {
            trust = value;
            return this;
        }

        public Builder productInfo(@Nullable String value) {
            productInfo = value;
            return this;
        }

        public Builder modelId(@Nullable String value) {
            modelId = value;
            return this;
        }

        public Builder will(@Nullable Message value) {
            will = value;
            return this;
        }

        public Builder keepAlive(Duration value) {
            keepAlive = value;
            return this;
        }

        public Builder connectTimeout(Duration value) {
            connectTimeout = value;
            return this;
        }

        public Builder messageTimeout(Duration value) {
            messageTimeout = value;
            return this;
        }

        public Builder acknowledgementTimeout(Duration value) {
            acknowledgementTimeout = value;
            return this;
        }

        public Builder requestTimeout(Duration value) {
            requestTimeout = value;
            return this;
        }

        /** Also raises the queue's capacity to the window, if it was smaller. */
        public Builder window(int value) {
            window = value;
            queueCapacity = Math.max(queueCapacity, value);
            return this;
        }

        public Builder queueCapacity(int value) {
            queueCapacity = value;
            return this;
        }

        public Builder overflow(OverflowPolicy value) {
            overflow = value;
            return this;
        }

        public Builder spool(@Nullable SpoolFolder value) {
            spool = value;
            return this;
        }

        public Builder maxDeliveries(int value) {
            maxDeliveries = value;
            return this;
        }

        public Builder retry(RetryPolicy value) {
            retry = value;
            return this;
        }

        public Builder clockCheck(ClockCheck value) {
            clockCheck = value;
            return this;
        }

        public Builder httpsPort(int value) {
            httpsPort = value;
            return this;
        }

        public Builder trace(WireTrace value) {
            trace = value;
            return this;
        }

        public Builder metrics(ClientMetrics value) {
            metrics = value;
            return this;
        }

        public Builder environment(ClientEnvironment value) {
            environment = value;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when a value is out of its range
         */
        public ClientOptions build() {
            return new ClientOptions(
                    transport,
                    port == null ? transport.defaultPort() : port,
                    proxy,
                    trust == null ? TlsTrust.platform() : trust,
                    productInfo,
                    modelId,
                    will,
                    keepAlive,
                    connectTimeout,
                    messageTimeout,
                    acknowledgementTimeout,
                    requestTimeout,
                    window,
                    queueCapacity,
                    overflow,
                    spool,
                    maxDeliveries,
                    retry,
                    clockCheck,
                    httpsPort,
                    trace,
                    metrics,
                    environment == null ? ClientEnvironment.system() : environment);
        }
    }
}
