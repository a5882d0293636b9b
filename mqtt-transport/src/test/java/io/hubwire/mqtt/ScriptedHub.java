package io.hubwire.mqtt;

import io.hubwire.auth.TlsTrust;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * A hub that does what the test tells it, packet by packet: the test accepts a connection, says which packet it expects
 * and what to answer, and may break the rules as it likes. TLS with a certificate for localhost.
 */
final class ScriptedHub implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SSLServerSocket server;
    private final List<Conversation> conversations = new ArrayList<>();

    private ScriptedHub(SSLServerSocket server) {
        this.server = server;
    }

    static ScriptedHub start() {
        return start("/tls/hub.p12");
    }

    /** A hub whose certificate is for another host. */
    static ScriptedHub startAsSomebodyElse() {
        return start("/tls/other.p12");
    }

    /** Offers only this version of TLS: {@code TLSv1.2} or {@code TLSv1.3}. */
    ScriptedHub speakingOnly(String version) {
        server.setEnabledProtocols(new String[] {version});
        return this;
    }

    private static ScriptedHub start(String keyStore) {
        try {
            SSLServerSocket server = (SSLServerSocket) context(keyStore)
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            return new ScriptedHub(server);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext context(String keyStore) {
        char[] password = "scripted".toCharArray();
        try (InputStream in = ScriptedHub.class.getResourceAsStream(keyStore)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            context.getServerSessionContext().setSessionCacheSize(1); // tests measure memory
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Believes both certificates. */
    static TlsTrust trust() {
        try {
            return TlsTrust.pem(Path.of(Objects.requireNonNull(ScriptedHub.class.getResource("/tls/both.pem"))
                    .toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** Waits for a connection and its CONNECT and says nothing. */
    Conversation acceptAndStaySilent() {
        Conversation link = accept();
        link.expectConnect();
        return link;
    }

    /** Waits for the next connection. */
    Conversation accept() {
        try {
            server.setSoTimeout((int) PATIENCE.toMillis());
            Socket socket = server.accept();
            Conversation conversation = new Conversation(socket);
            conversations.add(conversation);
            return conversation;
        } catch (SocketTimeoutException nobody) {
            throw new AssertionError("no connection within " + PATIENCE.toSeconds() + " s", nobody);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for a connection and for the lines of an HTTP request's head; then cuts it. */
    List<String> acceptHttp() throws IOException {
        server.setSoTimeout((int) PATIENCE.toMillis());
        try (Socket socket = server.accept()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            List<String> lines = new ArrayList<>();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                lines.add(line);
            }
            return lines;
        }
    }

    /** Waits for a connection and its CONNECT, accepts it and grants the one SUBSCRIBE that follows. */
    Conversation acceptAndGrant() {
        Conversation link = acceptSession();
        link.grantSubscribe();
        return link;
    }

    /** Waits for a connection and its CONNECT, and accepts it. */
    Conversation acceptSession() {
        Conversation link = accept();
        link.expectConnect();
        link.connAck(false, 0);
        return link;
    }

    /** Cuts a connection and forgets it. */
    void release(Conversation conversation) {
        conversation.reset();
        conversations.remove(conversation);
    }

    /** No more connections: they are refused by the operating system. */
    void stopListening() {
        try {
            server.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stopListening();
        conversations.forEach(Conversation::reset);
    }
}
