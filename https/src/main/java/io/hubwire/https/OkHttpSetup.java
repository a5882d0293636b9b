package io.hubwire.https;

import io.hubwire.auth.HttpProxy;
import io.hubwire.auth.TlsTrust;
import io.hubwire.protocol.InvalidInputException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.TlsVersion;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * How OkHttp is set up: every default of its that would surprise is switched off here. It neither follows redirects nor
 * answers challenges, compresses or decompresses, keeps cookies, nor repeats by itself what must not be sent twice.
 */
final class OkHttpSetup {
    private static final int IDLE_CONNECTIONS = 5;
    private static final long IDLE_SECONDS = 60; // the hub itself closes after some minutes

    private OkHttpSetup() {}

    static OkHttpClient client(HttpsOptions options, ExecutorService threads) {
        Dispatcher dispatcher = new Dispatcher(threads);
        dispatcher.setMaxRequests(options.maxConcurrent());
        dispatcher.setMaxRequestsPerHost(options.maxConcurrent());

        TlsTrust trust = options.trust();
        SSLContext tls = options.clientCertificate().map(trust::context).orElseGet(trust::context);
        OkHttpClient.Builder b = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS))
                .protocols(List.of(Protocol.HTTP_1_1)) // all that IoT Hub speaks: service-rest 1.1
                .connectionSpecs(List.of(new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS)
                        .tlsVersions(TlsVersion.TLS_1_3, TlsVersion.TLS_1_2)
                        .build()))
                .sslSocketFactory(new NameCheckingSocketFactory(tls.getSocketFactory()), trust.trustManager())
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(options.connectTimeout())
                // the deadline is one, over the whole call and all attempts, and ours: see Exchange
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .callTimeout(Duration.ZERO);
        b.hostnameVerifier(new AsciiNames(b.build().hostnameVerifier()));
        options.connectHost()
                .ifPresent(host -> b.dns(ignored -> Dns.SYSTEM.lookup(host)).proxy(Proxy.NO_PROXY));
        options.proxy().ifPresent(proxy -> through(proxy, b));
        return b.build();
    }

    private static void through(HttpProxy proxy, OkHttpClient.Builder b) {
        b.proxy(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.host(), proxy.port())));
        proxy.authorization()
                .ifPresent(credentials -> b.proxyAuthenticator((route, challenge) -> {
                    boolean refused = challenge.request().header("Proxy-Authorization") != null;
                    return refused
                            ? null
                            : challenge
                                    .request()
                                    .newBuilder()
                                    .header("Proxy-Authorization", credentials)
                                    .build();
                }));
    }

    /** @throws InvalidInputException when the host name cannot be one */
    static HttpUrl base(HttpsOptions options) {
        try {
            return new HttpUrl.Builder()
                    .scheme("https")
                    .host(options.hostName())
                    .port(options.port())
                    .build();
        } catch (IllegalArgumentException notAHost) {
            throw new InvalidInputException("host name [" + options.hostName() + "] cannot be one", notAHost);
        }
    }

    static Request request(HttpsRequest request, HttpUrl base, HttpsOptions options) {
        HttpUrl.Builder url = base.newBuilder().encodedPath(request.path());
        if (!request.query().isEmpty()) {
            url.encodedQuery(request.encodedQuery());
        }
        Request.Builder b = new Request.Builder()
                .url(url.build())
                .header("User-Agent", options.userAgent())
                .header("Accept", "application/json")
                .header("Accept-Encoding", "identity"); // or OkHttp asks for gzip and hides what came over the wire
        request.headers().forEach(b::header);
        return b.method(request.method().name(), body(request)).build();
    }

    private static @Nullable RequestBody body(HttpsRequest request) {
        byte[] bytes = request.sharedBody();
        boolean none = bytes == null && request.isRepeatable();
        if (none && (request.method() == HttpsRequest.Method.GET || request.method() == HttpsRequest.Method.DELETE)) {
            return null;
        }
        return new Bytes(bytes == null ? new byte[0] : bytes, !request.isRepeatable());
    }

    /**
     * A body that tells OkHttp, too, whether it may be sent twice: OkHttp would otherwise repeat a POST by itself when a
     * pooled connection proves stale. The content type is a plain header of ours.
     */
    private static final class Bytes extends RequestBody {
        private final byte[] bytes;
        private final boolean once;

        Bytes(byte[] bytes, boolean once) {
            this.bytes = bytes;
            this.once = once;
        }

        @Override
        public @Nullable MediaType contentType() {
            return null;
        }

        @Override
        public long contentLength() {
            return bytes.length;
        }

        @Override
        public boolean isOneShot() {
            return once;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.write(bytes);
        }
    }
}
