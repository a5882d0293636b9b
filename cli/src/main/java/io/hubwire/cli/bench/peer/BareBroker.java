package io.hubwire.cli.bench.peer;

import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.interceptor.publish.PublishInboundInterceptor;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * HiveMQ as it comes: embedded, in memory, with a TLS listener of its own on a loopback port. Its extension consumes every
 * PUBLISH, so nothing is stored or routed and any client may connect.
 */
public final class BareBroker implements AutoCloseable {
    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "server";
    private static final long STARTS_WITHIN_SECONDS = 60;

    private final EmbeddedHiveMQ broker;
    private final LongAdder consumed;
    private final int port;

    private BareBroker(EmbeddedHiveMQ broker, LongAdder consumed, int port) {
        this.broker = broker;
        this.consumed = consumed;
        this.port = port;
    }

    /**
     * Writes all that a broker finds before it starts: configuration, key store, and the certificate as {@link #caFile}.
     *
     * @param home an empty folder
     * @return the port it will listen on
     */
    public static int prepare(Path home) throws IOException, InterruptedException, GeneralSecurityException {
        makeCertificate(home);
        int port = freePort();
        Files.writeString(Files.createDirectory(home.resolve("conf")).resolve("config.xml"), configuration(home, port));
        return port;
    }

    /** Starts it in a folder that has been {@linkplain #prepare prepared} for this port. */
    public static BareBroker start(Path home, int port) throws Exception {
        LongAdder consumed = new LongAdder();
        EmbeddedHiveMQ broker = EmbeddedHiveMQ.builder()
                .withConfigurationFolder(home.resolve("conf"))
                .withDataFolder(Files.createDirectory(home.resolve("data")))
                .withExtensionsFolder(Files.createDirectory(home.resolve("extensions")))
                .withEmbeddedExtension(EmbeddedExtension.builder()
                        .withId("consume")
                        .withName("Consumes every PUBLISH")
                        .withVersion("1")
                        .withExtensionMain(new Consuming(consumed))
                        .build())
                .withoutLoggingBootstrap()
                .build();
        broker.start().get(STARTS_WITHIN_SECONDS, TimeUnit.SECONDS);
        return new BareBroker(broker, consumed, port);
    }

    public int port() {
        return port;
    }

    /** How many PUBLISH packets it has taken in. */
    public long consumed() {
        return consumed.sum();
    }

    /** The certificate of the broker that was started in this folder, PEM. */
    public static Path caFile(Path home) {
        return home.resolve("server.pem");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** With the JDK's own tool: the broker wants a key store file. */
    private static void makeCertificate(Path home) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = home.resolve("server.p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD);
        Path said = home.resolve("keytool.txt");
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed: " + Files.readString(said));
        }
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(keys.getCertificate(ALIAS).getEncoded());
        Files.writeString(caFile(home), "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    }

    private static String configuration(Path home, int port) {
        return """
                <?xml version="1.0"?>
                <hivemq>
                  <listeners>
                    <tls-tcp-listener>
                      <port>%d</port>
                      <bind-address>127.0.0.1</bind-address>
                      <tls>
                        <keystore>
                          <path>%s</path>
                          <password>%s</password>
                          <private-key-password>%s</private-key-password>
                        </keystore>
                      </tls>
                    </tls-tcp-listener>
                  </listeners>
                  <persistence><mode>in-memory</mode></persistence>
                  <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
                </hivemq>
                """.formatted(port, home.resolve("server.p12"), PASSWORD, PASSWORD);
    }

    @Override
    public void close() throws ExecutionException, InterruptedException {
        broker.close();
    }

    /** Takes every PUBLISH out of the broker's hands. */
    private record Consuming(LongAdder consumed) implements ExtensionMain {
        @Override
        public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
            PublishInboundInterceptor consume = (in, out) -> {
                consumed.increment();
                out.preventPublishDelivery();
            };
            Services.initializerRegistry()
                    .setClientInitializer((any, client) -> client.addPublishInboundInterceptor(consume));
        }

        @Override
        public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {
            // nothing to let go
        }
    }
}
