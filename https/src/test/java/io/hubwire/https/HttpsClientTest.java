package io.hubwire.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.HttpProxy;
import io.hubwire.auth.TlsTrust;
import io.hubwire.https.loopback.LoopbackServer;
import io.hubwire.https.loopback.TestCa;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.time.FakeTime;
import io.hubwire.protocol.trace.WireTrace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.TlsVersion;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpsClientTest {
    private static final String HUB = "hub.example-devices.net";
    private static final RandomGenerator ALWAYS_HALF = new RandomGenerator() {
        @Override
        public long nextLong() {
            return Long.MIN_VALUE;
        }
    };

    private final LoopbackServer server = LoopbackServer.start(HUB);
    private final FakeTime time = new FakeTime(Instant.parse("2026-11-21T00:00:00Z"));
    private final HttpsClient client = open(server.options());

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void sends_method_target_headers_and_body_and_reads_the_answer() {
        server.answers(new MockResponse()
                .setResponseCode(201)
                .setHeader("ETag", "\"abc\"")
                .setBody("{\"a\":1}"));

        HttpsResponse response = Await.on(client.send(HttpsRequest.put("devices", "dev#1?", "modules", "m/1")
                .query("api-version", "2021-04-12")
                .query("top", "a b&c")
                .header("If-Match", "\"*\"")
                .json("{\"x\":\"é\"}")
                .build()));

        assertThat(response.status()).isEqualTo(201);
        assertThat(response.etag()).contains("abc");
        assertThat(response.text()).isEqualTo("{\"a\":1}");
        RecordedRequest sent = server.takeRequest();
        assertThat(sent.getMethod()).isEqualTo("PUT");
        assertThat(sent.getPath()).isEqualTo("/devices/dev%231%3F/modules/m%2F1?api-version=2021-04-12&top=a%20b%26c");
        assertThat(sent.getHeader("If-Match")).isEqualTo("\"*\"");
        assertThat(sent.getHeader("Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(sent.getHeader("Host")).isEqualTo(HUB + ":" + server.port());
        assertThat(sent.getHeader("User-Agent")).startsWith("hubwire/");
        assertThat(sent.getHeader("Accept-Encoding")).isEqualTo("identity");
        assertThat(sent.getBody().readUtf8()).isEqualTo("{\"x\":\"é\"}");
        assertThat(sent.getTlsVersion().javaName()).isIn("TLSv1.2", "TLSv1.3");
    }

    @Test
    void an_error_status_is_an_answer_and_not_a_failure() {
        server.answers(404, "{\"Message\":\"ErrorCode:DeviceNotFound;d\"}");
        assertThat(Await.on(client.send(HttpsRequest.get("devices", "d").build()))
                        .status())
                .isEqualTo(404);
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void repeats_a_repeatable_request_after_throttling_and_server_errors_with_growing_pauses() {
        server.answers(503, "busy").answers(429, "slow down").answers(200, "{}");

        CompletableFuture<HttpsResponse> pending =
                client.send(HttpsRequest.get("devices").build());

        awaitRequests(1);
        passPause(Duration.ofMillis(125)); // half of 250 ms
        awaitRequests(2);
        passPause(Duration.ofMillis(250)); // half of 500 ms
        assertThat(Await.on(pending).status()).isEqualTo(200);
        assertThat(server.requestCount()).isEqualTo(3);
        assertThat(time.pendingTasks()).as("the deadline's task is gone").isZero();
    }

    @Test
    void waits_as_long_as_retry_after_asks_plus_jitter() {
        server.answers(new MockResponse().setResponseCode(429).setHeader("Retry-After", "7"))
                .answers(200, "{}");

        CompletableFuture<HttpsResponse> pending =
                client.send(HttpsRequest.get("devices").build());

        awaitRequests(1);
        passPause(Duration.ofMillis(7_124));
        assertThat(server.requestCount()).isEqualTo(1);
        time.advance(Duration.ofMillis(1));
        assertThat(Await.on(pending).status()).isEqualTo(200);
    }

    @Test
    void gives_the_answer_at_once_when_the_pause_would_outlast_the_deadline() {
        server.answers(new MockResponse().setResponseCode(503).setHeader("Retry-After", "30"));
        assertThat(Await.on(client.send(HttpsRequest.get("devices").build())).status())
                .isEqualTo(503);
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void stops_after_the_allowed_attempts_with_the_last_answer() {
        try (HttpsClient twice = open(server.options().retry(new RetryPolicy(2, Duration.ZERO, Duration.ZERO)))) {
            server.answers(500, "one").answers(502, "two");
            CompletableFuture<HttpsResponse> pending =
                    twice.send(HttpsRequest.get("devices").build());
            awaitRequests(1);
            passPause(Duration.ZERO);
            assertThat(Await.on(pending).status()).isEqualTo(502);
        }
    }

    @Test
    void never_repeats_a_request_that_is_not_repeatable() {
        server.answers(503, "busy");
        assertThat(Await.on(client.send(HttpsRequest.post("twins", "d", "methods")
                                .json("{}")
                                .build()))
                        .status())
                .isEqualTo(503);
        assertThat(server.requestCount()).isEqualTo(1);
    }

    @Test
    void does_not_let_okhttp_repeat_a_post_whose_connection_breaks() {
        server.answers(200, "{}"); // leaves a pooled connection behind
        Await.on(client.send(HttpsRequest.get("devices").build()));
        server.answers(new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AFTER_REQUEST))
                .answers(204, "");

        failsWith(
                ErrorCode.CONNECTION_LOST,
                () -> client.send(HttpsRequest.post("devices").json("[]").build()));

        assertThat(server.requestCount()).isEqualTo(2);
    }

    @Test
    void repeats_a_repeatable_request_whose_connection_breaks() {
        server.answers(new MockResponse()
                        .setSocketPolicy(SocketPolicy.DISCONNECT_DURING_RESPONSE_BODY)
                        .setBody("12345678"))
                .answers(200, "{}");
        CompletableFuture<HttpsResponse> pending =
                client.send(HttpsRequest.get("devices").build());
        awaitRequests(1);
        passPause(Duration.ofSeconds(1));
        assertThat(Await.on(pending).text()).isEqualTo("{}");
    }

    @Test
    void a_call_ends_at_its_deadline_and_frees_its_connection() {
        server.answers(new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE))
                .answers(200, "{}");

        CompletableFuture<HttpsResponse> pending = client.send(
                HttpsRequest.get("devices").timeout(Duration.ofSeconds(3)).build());
        awaitRequests(1);
        time.advance(Duration.ofMillis(2_999));
        assertThat(pending).isNotDone();
        time.advance(Duration.ofMillis(1));

        failsWith(ErrorCode.TIMED_OUT, () -> pending);
        assertThat(Await.on(client.send(HttpsRequest.get("devices").build())).status())
                .isEqualTo(200);
    }

    @Test
    void cancelling_the_stage_gives_up_the_call() {
        server.answers(new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE));
        CompletableFuture<HttpsResponse> pending =
                client.send(HttpsRequest.get("devices").build());
        awaitRequests(1);
        pending.cancel(true);
        assertThat(time.pendingTasks()).isZero();
        failsWith(ErrorCode.CANCELLED, () -> pending);
    }

    @Test
    void refuses_a_server_whose_ca_is_not_trusted_without_repeating() {
        try (LoopbackServer stranger = LoopbackServer.start(HUB);
                HttpsClient wary = open(stranger.options().trust(server.trust()))) {
            failsWith(
                    ErrorCode.TLS_FAILED,
                    () -> wary.send(HttpsRequest.get("devices").build()));
            assertThat(stranger.requestCount()).isZero();
        }
    }

    @Test
    void refuses_a_server_whose_certificate_is_for_another_host() {
        try (LoopbackServer other = LoopbackServer.start("other.example-devices.net");
                HttpsClient wary = open(HttpsOptions.to(HUB)
                        .port(other.port())
                        .connectHost("127.0.0.1")
                        .trust(other.trust()))) {
            failsWith(
                    ErrorCode.TLS_FAILED,
                    () -> wary.send(HttpsRequest.get("devices").build()));
            assertThat(other.requestCount()).isZero();
        }
    }

    @Test
    void offers_tls_1_2_and_1_3_over_http_1_1_and_nothing_else() {
        ExecutorService none = Executors.newCachedThreadPool();
        OkHttpClient http = OkHttpSetup.client(server.options().build(), none);
        assertThat(http.connectionSpecs()).singleElement().satisfies(spec -> assertThat(spec.tlsVersions())
                .containsExactlyInAnyOrder(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3));
        assertThat(http.protocols()).containsExactly(Protocol.HTTP_1_1);
        none.shutdownNow();
    }

    @Test
    void shows_its_certificate_to_a_server_that_asks() {
        server.server().requireClientAuth();
        server.answers(200, "{}");
        try (HttpsClient device = open(server.options().clientCertificate(server.clientIdentity("device-7")))) {
            Await.on(device.send(HttpsRequest.get("devices").build()));
        }
        assertThat(server.takeRequest().getHandshake().peerPrincipal()).hasToString("CN=device-7");
    }

    @Test
    void the_name_in_the_handshake_is_the_hubs_wherever_the_connection_goes() throws IOException {
        TestCa ca = new TestCa("sni");
        try (SSLServerSocket listener = (SSLServerSocket) ca.serverContext(HUB)
                        .getServerSocketFactory()
                        .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpsClient own = open(server.options()
                        .port(listener.getLocalPort())
                        .trust(TlsTrust.certificates(List.of(ca.certificate()))))) {
            CompletableFuture<HttpsResponse> unanswered =
                    own.send(HttpsRequest.post("devices").build());
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                socket.startHandshake();
                assertThat(((ExtendedSSLSession) socket.getSession()).getRequestedServerNames())
                        .containsExactly(new SNIHostName(HUB));
            }
            failsWith(ErrorCode.CONNECTION_LOST, () -> unanswered);
        }
    }

    @Test
    void a_port_that_nobody_listens_on_is_unreachable() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        try (HttpsClient alone = open(server.options().port(free).retry(RetryPolicy.NEVER))) {
            failsWith(
                    ErrorCode.UNREACHABLE,
                    () -> alone.send(HttpsRequest.get("devices").build()));
        }
    }

    @Test
    void does_not_follow_redirects_which_would_carry_the_token_elsewhere() {
        server.answers(new MockResponse().setResponseCode(307).setHeader("Location", "https://elsewhere.invalid/"));
        assertThat(Await.on(client.send(HttpsRequest.get("devices").build())).status())
                .isEqualTo(307);
    }

    @Test
    void an_answer_above_the_limit_is_refused_and_one_at_the_limit_is_read() {
        try (HttpsClient narrow = open(server.options().maxResponseBytes(10))) {
            server.answers(200, "1234567890").answers(200, "12345678901");
            assertThat(Await.on(narrow.send(HttpsRequest.get("devices").build()))
                            .text())
                    .isEqualTo("1234567890");
            assertThatThrownBy(() ->
                            Await.on(narrow.send(HttpsRequest.get("devices").build())))
                    .isInstanceOf(RemoteProtocolException.class)
                    .hasMessageContaining("[10]");
        }
    }

    @Test
    void calls_above_the_bound_fail_at_once() {
        try (HttpsClient narrow = open(server.options().maxPending(1))) {
            server.answers(new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE));
            CompletableFuture<HttpsResponse> first =
                    narrow.send(HttpsRequest.get("devices").build());
            failsWith(
                    ErrorCode.QUEUE_FULL,
                    () -> narrow.send(HttpsRequest.get("devices").build()));
            assertThat(first).isNotDone();
        }
    }

    @Test
    void close_ends_what_is_under_way_and_leaves_no_thread() {
        HttpsClient own = HttpsClient.open(server.options().build());
        server.answers(new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE));
        CompletableFuture<HttpsResponse> pending =
                own.send(HttpsRequest.get("devices").build());
        awaitRequests(1);
        assertThat(ownThreads()).isNotEmpty();

        long before = System.nanoTime();
        own.close();
        own.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));

        failsWith(ErrorCode.CANCELLED, () -> pending);
        await().atMost(1, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(ownThreads()).isEmpty());
        assertThatThrownBy(() -> own.send(HttpsRequest.get("devices").build()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_pause_passes_in_its_time_or_ends_with_the_client() {
        CompletableFuture<Void> shortPause = client.pause(Duration.ofSeconds(1));
        CompletableFuture<Void> longPause = client.pause(Duration.ofHours(1));
        time.advance(Duration.ofSeconds(1));
        assertThat(shortPause).isCompleted();
        assertThat(longPause).isNotDone();
        client.close();
        failsWith(ErrorCode.CANCELLED, () -> longPause);
        failsWith(ErrorCode.CANCELLED, () -> client.pause(Duration.ZERO));
        assertThat(time.pendingTasks()).isZero();
    }

    @Test
    void tunnels_through_a_proxy_and_logs_in_there_only() {
        try (LoopbackServer behind = LoopbackServer.startBehindTunnel(HUB);
                HttpsClient through = open(throughProxy(behind))) {
            behind.answers(new MockResponse().setSocketPolicy(SocketPolicy.UPGRADE_TO_SSL_AT_END))
                    .answers(200, "{}");
            assertThat(Await.on(through.send(HttpsRequest.get("devices").build()))
                            .status())
                    .isEqualTo(200);
            RecordedRequest tunnel = behind.takeRequest();
            assertThat(tunnel.getRequestLine()).startsWith("CONNECT " + HUB + ":443");
            assertThat(tunnel.getHeader("Proxy-Authorization")).isEqualTo("Basic dXNlcjpwYXNz");
            RecordedRequest inner = behind.takeRequest();
            assertThat(inner.getPath()).isEqualTo("/devices");
            assertThat(inner.getHeader("Proxy-Authorization")).isNull();
        }
    }

    @Test
    void a_proxy_that_refuses_the_login_is_not_asked_again() {
        try (LoopbackServer behind = LoopbackServer.startBehindTunnel(HUB);
                HttpsClient through = open(throughProxy(behind))) {
            behind.answers(new MockResponse()
                    .setResponseCode(407)
                    .setHeader("Proxy-Authenticate", "Basic realm=\"door\"")
                    .setSocketPolicy(SocketPolicy.DISCONNECT_AT_END));
            failsWith(
                    ErrorCode.UNAUTHORIZED,
                    () -> through.send(HttpsRequest.get("devices").build()));
        }
    }

    @Test
    void the_trace_sees_each_attempt_and_each_answer_without_secrets() {
        List<WireTrace.Event> seen = new CopyOnWriteArrayList<>();
        try (HttpsClient traced = open(server.options().trace(seen::add))) {
            server.answers(200, "{\"authentication\":{\"symmetricKey\":{\"primaryKey\":\"U0VDUkVU\"}}}");
            Await.on(traced.send(HttpsRequest.put("devices", "d1")
                    .query("api-version", "2021-04-12")
                    .header("Authorization", "SharedAccessSignature sr=h&sig=U0VDUkVU&se=1&skn=p")
                    .json("{\"symmetricKey\":{\"primaryKey\":\"U0VDUkVU\"}}")
                    .build()));
        }
        assertThat(seen)
                .extracting(WireTrace.Event::direction)
                .containsExactly(WireTrace.Direction.OUT, WireTrace.Direction.IN);
        assertThat(seen).allSatisfy(e -> {
            assertThat(e.protocol()).isEqualTo("HTTPS");
            assertThat(e.kind()).isEqualTo("PUT /devices/d1");
            assertThat(e.summary()).doesNotContain("U0VDUkVU").doesNotContain("\n");
        });
        assertThat(seen.get(0).summary()).contains("api-version=2021-04-12", "sr=h&sig=***&se=1&skn=p");
        assertThat(seen.get(1).summary()).startsWith("200 ").contains("\"primaryKey\":\"***\"");
    }

    @Test
    void an_exception_shows_where_the_caller_waited() {
        server.answers(new MockResponse().setSocketPolicy(SocketPolicy.DISCONNECT_AT_START));
        assertThatThrownBy(() ->
                        Await.on(client.send(HttpsRequest.delete("devices", "d").build())))
                .isInstanceOf(HubwireException.class)
                .satisfies(e -> assertThat(e.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals(HttpsClientTest.class.getName())));
    }

    private static HttpsOptions.Builder throughProxy(LoopbackServer proxy) {
        return HttpsOptions.to(HUB)
                .trust(proxy.trust())
                .proxy(new HttpProxy("127.0.0.1", proxy.port(), "user", "pass"));
    }

    private HttpsClient open(HttpsOptions.Builder options) {
        return HttpsClient.open(options.build(), time, time, ALWAYS_HALF);
    }

    private void awaitRequests(int count) {
        await().atMost(5, TimeUnit.SECONDS).until(() -> server.requestCount() >= count);
    }

    /** Waits until deadline and pause are both planned, then lets the pause pass. */
    private void passPause(Duration pause) {
        await().atMost(5, TimeUnit.SECONDS).until(() -> time.pendingTasks() == 2);
        time.advance(pause);
    }

    private static void failsWith(ErrorCode code, Supplier<CompletableFuture<?>> call) {
        assertThatThrownBy(() -> Await.on(call.get()))
                .isInstanceOfSatisfying(
                        HubwireException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static List<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("hubwire-https-"))
                .toList();
    }
}
