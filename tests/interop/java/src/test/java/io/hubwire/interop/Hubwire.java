package io.hubwire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The hub's other side: the {@code hubwire} command, run as its users run it, and the hub's CA. */
final class Hubwire {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Hubwire() {}

    /** A device of the hub's registry. @param connectionString with a host the Java SDK accepts: one that has a dot */
    record Device(String id, String connectionString) {}

    /** A variable that tests/interop/run exports. */
    static String env(String name) {
        String value = System.getenv(name);
        assertThat(value).as("%s: start these tests with tests/interop/run", name).isNotBlank();
        return value;
    }

    /** Runs hubwire, which must succeed. @return the documents it prints */
    static List<JsonNode> documents(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(env("HUBWIRE_COMMAND")));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-o", "json"));
        Path errors = Files.createTempFile("hubwire", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(errors.toFile())
                    .start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
            assertThat(process.exitValue())
                    .as("%s: %s%s", command, out, Files.readString(errors))
                    .isZero();
            return JSON.readerFor(JsonNode.class).<JsonNode>readValues(out).readAll();
        } finally {
            Files.delete(errors);
        }
    }

    /** The only document hubwire prints. */
    static JsonNode document(String... arguments) throws IOException, InterruptedException {
        List<JsonNode> all = documents(arguments);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    /** Makes a device with a key and a name of its own. */
    static Device newDevice(String prefix) throws IOException, InterruptedException {
        String id = prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
        String text = document("identity", "create", id).path("connectionString").asText();
        return new Device(id, text.replaceFirst("HostName=[^;]*", "HostName=127.0.0.1"));
    }

    /** What {@code hubwire monitor} shows of a device, from the start. */
    static List<JsonNode> events(Device device, int count) throws IOException, InterruptedException {
        return documents(
                "monitor", "-d", device.id(), "--from", "earliest", "--count", "" + count, "--timeout", "30s");
    }

    /** The hub's CA, and nobody else's. */
    static KeyStore roots() throws IOException, GeneralSecurityException {
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        try (InputStream pem = Files.newInputStream(Path.of(env("HUBWIRE_CA_FILE")))) {
            roots.setCertificateEntry(
                    "hubwire", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        return roots;
    }

    /** Trusts the hub's CA and nobody else. */
    static SSLContext trust() throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(roots());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
