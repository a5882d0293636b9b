package io.hubwire.localhub.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HubTlsTest {
    private static final List<String> NAMES = List.of("localhost", "127.0.0.1", "::1", "hub.example");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "hub.example"})
    void is_trusted_by_the_jdk_under_each_of_its_names(String name) throws Exception {
        assertThat(handshake(open(folder), name)).isEqualTo("CN=Hubwire local hub");
    }

    @Test
    void is_refused_under_another_name() {
        assertThatThrownBy(() -> handshake(open(folder), "elsewhere.example"))
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void keeps_its_authority_between_starts_and_issues_for_the_names_of_now() throws Exception {
        HubTls first = open(folder);
        HubTls second = HubTls.open(folder, List.of("renamed.example"), Clock.systemUTC(), new SecureRandom());
        assertThat(second.authority()).isEqualTo(first.authority());
        assertThat(handshake(second, "renamed.example")).isEqualTo("CN=Hubwire local hub");
    }

    @Test
    void replaces_an_authority_that_is_about_to_expire() throws Exception {
        HubTls old = HubTls.open(folder, NAMES, yearsAgo(9), new SecureRandom());
        HubTls now = open(folder);
        assertThat(now.authority()).isNotEqualTo(old.authority());
        assertThat(stored()).isEqualTo(now.authority());
    }

    @Test
    void keeps_its_files_to_their_owner() throws Exception {
        open(folder.resolve("new"));
        assertThat(permissions(folder.resolve("new"))).isEqualTo("rwx------");
        assertThat(permissions(folder.resolve("new/ca.pem"))).isEqualTo("rw-------");
        assertThat(permissions(folder.resolve("new/ca-key.pem"))).isEqualTo("rw-------");
    }

    @Test
    void says_so_when_the_folder_cannot_be_used() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "is no folder");
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "the authority's folder [" + file + "] cannot be used: FileAlreadyExistsException");
    }

    @Test
    void says_so_when_the_folder_holds_something_else() throws Exception {
        Files.writeString(folder.resolve("ca.pem"), "not a certificate");
        Files.writeString(folder.resolve("ca-key.pem"), "not a key");
        assertThatThrownBy(() -> open(folder)).isInstanceOf(java.security.GeneralSecurityException.class);
    }

    /** What OpenSSL's and Python's strict mode ask of a certificate beyond a good signature (RFC 5280, 4.2.1). */
    @Test
    void carries_the_extensions_that_strict_verifiers_ask_for() throws Exception {
        HubTls tls = open(folder);
        X509Certificate ca = tls.authority();
        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(ca.getCriticalExtensionOIDs()).contains("2.5.29.19", "2.5.29.15");
        assertThat(ca.getKeyUsage()[5]).as("may sign certificates").isTrue();
        assertThat(ca.getExtensionValue("2.5.29.14")).as("subject key id").isNotNull();

        X509Certificate server = tls.serverCertificate();
        assertThat(server.getVersion()).isEqualTo(3);
        assertThat(server.getBasicConstraints()).isEqualTo(-1);
        assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(server.getExtensionValue("2.5.29.35")).as("authority key id").isNotNull();
        assertThat(server.getSerialNumber().signum()).isPositive();
        assertThat(server.getSubjectAlternativeNames()).hasSize(NAMES.size());
        assertThat(Duration.between(
                        server.getNotBefore().toInstant(), server.getNotAfter().toInstant()))
                .isLessThanOrEqualTo(Duration.ofDays(398));
    }

    @Test
    void hubs_that_start_together_on_a_new_folder_agree_on_one_authority() {
        List<CompletableFuture<X509Certificate>> starts = java.util.stream.IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return open(folder).authority();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }))
                .toList();
        assertThat(starts.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    }

    private static HubTls open(Path folder) throws Exception {
        return HubTls.open(folder, NAMES, Clock.systemUTC(), new SecureRandom());
    }

    private static Clock yearsAgo(int years) {
        Instant then = Instant.now().minus(Duration.ofDays(365L * years));
        return Clock.fixed(then, ZoneOffset.UTC);
    }

    private X509Certificate stored() throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(folder.resolve("ca.pem"))));
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** Connects as a client that trusts the authority's file only and checks the name; the server's subject. */
    private static String handshake(HubTls tls, String name) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", tls.authority());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, trust.getTrustManagers(), null);
        try (SSLServerSocket server = (SSLServerSocket) tls.serverContext()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> {
                try (Socket accepted = server.accept()) {
                    int ignored = accepted.getInputStream().read();
                    assertThat(ignored).isEqualTo(-1);
                } catch (IOException e) {
                    // the client refused, as some tests want
                    assertThat(e).hasMessageContaining("certificate_unknown");
                }
            });
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
            try (SSLSocket socket =
                    (SSLSocket) client.getSocketFactory().createSocket(plain, name, server.getLocalPort(), true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                X509Certificate peer = (X509Certificate) socket.getSession().getPeerCertificates()[0];
                return peer.getSubjectX500Principal().getName();
            } finally {
                serving.join();
            }
        }
    }
}
