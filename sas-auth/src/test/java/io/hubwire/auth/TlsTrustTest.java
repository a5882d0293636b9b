package io.hubwire.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.InvalidInputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TlsTrustTest {
    private static final TlsTrust TEST_ROOT = TlsTrust.pem(Pem.file("root.pem"));

    @Test
    void trusts_the_platforms_roots_and_the_extra_one() {
        int platform = TlsTrust.platform().trustManager().getAcceptedIssuers().length;
        assertThat(platform).isPositive();
        assertThat(TEST_ROOT.trustManager().getAcceptedIssuers()).hasSize(platform + 1);
        assertThat(TEST_ROOT.trustManager())
                .as("only this kind lets the JDK check the name")
                .isInstanceOf(X509ExtendedTrustManager.class);
    }

    @Test
    void offers_tls_1_3_and_1_2_and_nothing_older() {
        assertThat(TEST_ROOT.context().getDefaultSSLParameters().getProtocols())
                .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    }

    @Test
    void refuses_a_file_without_a_certificate() {
        assertThatThrownBy(() -> TlsTrust.pem(Pem.file("rsa-pkcs8.pem")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("BEGIN CERTIFICATE");
    }

    @Test
    void a_client_shows_its_chain_to_a_server_that_asks() throws Exception {
        X509Identity device = X509Identity.pem(Pem.file("device-all.pem"), null);
        assertThat(handshake(TEST_ROOT.context(device), "localhost")).containsExactlyElementsOf(device.chain());
        assertThat(handshake(TEST_ROOT.context(device), "127.0.0.1")).hasSize(2);
    }

    @Test
    void a_self_signed_certificate_of_any_kind_is_shown_too() throws Exception {
        for (String kind : new String[] {"rsa", "ec", "ed25519"}) {
            X509Identity device = X509Identity.pem(Pem.file(kind + "-cert.pem"), Pem.file(kind + "-pkcs8.pem"), null);
            assertThat(handshake(TEST_ROOT.context(device), "localhost"))
                    .as(kind)
                    .hasSize(1);
        }
    }

    @Test
    void without_an_identity_nothing_is_shown() throws Exception {
        assertThat(handshake(TEST_ROOT.context(), "localhost")).isEmpty();
    }

    @Test
    void an_unknown_root_and_a_wrong_name_end_the_handshake() {
        assertThatThrownBy(() -> handshake(TlsTrust.platform().context(), "localhost"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("PKIX path building failed");
        assertThatThrownBy(() -> handshake(TEST_ROOT.context(), "contoso.azure-devices.net"))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("contoso.azure-devices.net");
    }

    /** One handshake on loopback under the given name; returns the chain the server saw. */
    private static Certificate[] handshake(SSLContext client, String name) throws Exception {
        try (SSLServerSocket server = (SSLServerSocket) serverContext()
                        .getServerSocketFactory()
                        .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket plain = new Socket(server.getInetAddress(), server.getLocalPort());
                SSLSocket socket =
                        (SSLSocket) client.getSocketFactory().createSocket(plain, name, server.getLocalPort(), true)) {
            server.setWantClientAuth(true);
            CompletableFuture<Certificate[]> seen = CompletableFuture.supplyAsync(() -> accept(server));
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getInputStream().read()).isEqualTo('!');
            return seen.get(10, TimeUnit.SECONDS);
        }
    }

    private static Certificate[] accept(SSLServerSocket server) {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            socket.startHandshake();
            socket.getOutputStream().write('!');
            return socket.getSession().getPeerCertificates();
        } catch (javax.net.ssl.SSLPeerUnverifiedException none) {
            return new Certificate[0];
        } catch (IOException ended) {
            throw new java.io.UncheckedIOException(ended);
        }
    }

    private static SSLContext serverContext() throws GeneralSecurityException, IOException {
        char[] password = "x".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server",
                PrivateKeys.only(PemFile.read(Pem.file("server-key.pem")), null),
                password,
                PemFile.read(Pem.file("server-chain.pem")).certificates().toArray(new X509Certificate[0]));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {new TrustsAnyClient()}, null);
        return context;
    }

    /** As the hub does: possession of the key is proven by TLS, trust is somebody else's question. */
    private static final class TrustsAnyClient extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
