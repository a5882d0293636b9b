package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.tls.HubTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Start, stop and TLS of the server itself. */
@Timeout(60)
class HttpsEndpointTest {
    private static HubTls tls;

    @BeforeAll
    static void certificate(@TempDir Path folder) throws Exception {
        tls = HubOverHttps.tls(folder);
    }

    private static JettyServer start(List<InetAddress> addresses, int port) throws IOException {
        return JettyServer.start(tls, addresses, port, server -> new EmptyHandler(), (request, response, callback) -> {
            callback.succeeded();
            return true;
        });
    }

    /** Answers 200 and nothing. */
    private static final class EmptyHandler extends org.eclipse.jetty.server.Handler.Abstract {
        @Override
        public boolean handle(
                org.eclipse.jetty.server.Request request,
                org.eclipse.jetty.server.Response response,
                org.eclipse.jetty.util.Callback callback) {
            callback.succeeded();
            return true;
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("hub-https") || name.startsWith("hub-wss"))
                .collect(Collectors.toSet());
    }

    @Test
    void twenty_starts_and_stops_leave_no_thread_and_no_port() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (HubOverHttps hub = new HubOverHttps(tls)) {
                assertThat(hub.send(hub.request("/health")).status()).isEqualTo(200);
                assertThat(threads()).isNotEmpty();
            }
        }
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void all_threads_are_daemons() throws Exception {
        try (HubOverHttps hub = new HubOverHttps(tls)) {
            assertThat(hub.send(hub.request("/health")).status()).isEqualTo(200);

            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(t -> t.getName().startsWith("hub-https")))
                    .isNotEmpty()
                    .allMatch(Thread::isDaemon);
        }
    }

    @Test
    void stops_within_a_second_also_with_a_request_under_way() throws Exception {
        HubOverHttps hub = new HubOverHttps(tls);
        int idle = hub.time.pendingTasks();
        hub.device("d1");
        hub.client
                .newCall(hub.owner("/twins/d1/methods" + HubOverHttps.VERSION)
                        .post(HubOverHttps.body("{'methodName':'m','connectTimeoutInSeconds':300}"))
                        .build())
                .enqueue(new okhttp3.Callback() {
                    @Override
                    public void onFailure(okhttp3.Call call, IOException e) {
                        // the hub went away, as it should
                    }

                    @Override
                    public void onResponse(okhttp3.Call call, okhttp3.Response response) {
                        response.close();
                    }
                });
        await().until(() -> hub.time.pendingTasks() > idle);
        long before = System.nanoTime();

        hub.close();

        assertThat(System.nanoTime() - before).isLessThan(1_500_000_000L);
    }

    @Test
    void listens_at_one_port_of_several_addresses() throws Exception {
        try (JettyServer server =
                start(List.of(InetAddress.getByName("127.0.0.1"), InetAddress.getByName("127.0.0.2")), 0)) {
            for (String address : List.of("127.0.0.1", "127.0.0.2")) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(address, server.port()), 5_000);
                    assertThat(socket.isConnected()).isTrue();
                }
            }
        }
    }

    @Test
    void a_port_in_use_is_named() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start(List.of(InetAddress.getLoopbackAddress()), taken.getLocalPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("[" + taken.getLocalPort() + "]");
        }
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaks_tls(String version) throws Exception {
        try (JettyServer server = start(List.of(InetAddress.getLoopbackAddress()), 0)) {
            assertThat(handshake(server, version)).isEqualTo(version);
        }
    }

    @Test
    void does_not_speak_what_is_older() throws Exception {
        try (JettyServer server = start(List.of(InetAddress.getLoopbackAddress()), 0)) {
            assertThatThrownBy(() -> handshake(server, "TLSv1.1")).isInstanceOf(SSLException.class);
        }
    }

    private static String handshake(JettyServer server, String version) throws IOException {
        try (SSLSocket socket = (SSLSocket)
                TlsTrust.pem(tls.caFile()).context().getSocketFactory().createSocket("localhost", server.port())) {
            socket.setSoTimeout(10_000);
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }
}
