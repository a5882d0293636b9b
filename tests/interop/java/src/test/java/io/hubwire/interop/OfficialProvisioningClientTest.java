package io.hubwire.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.microsoft.azure.sdk.iot.provisioning.device.AdditionalData;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClient;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientRegistrationResult;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientStatus;
import com.microsoft.azure.sdk.iot.provisioning.device.ProvisioningDeviceClientTransportProtocol;
import com.microsoft.azure.sdk.iot.provisioning.device.internal.exceptions.ProvisioningDeviceClientException;
import com.microsoft.azure.sdk.iot.provisioning.security.SecurityProvider;
import com.microsoft.azure.sdk.iot.provisioning.security.SecurityProviderSymmetricKey;
import com.microsoft.azure.sdk.iot.provisioning.security.hsm.SecurityProviderX509Cert;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The official Java provisioning client registers with the local DPS: over each of its transports that the local DPS
 * offers, with a key of its own, with one derived from a group's, and with a certificate; and is refused with a wrong key.
 * Started by tests/interop/run, which exports the hub's names and keys.
 */
@Timeout(120)
class OfficialProvisioningClientTest {
    private static final String HOST = System.getenv("DPS_HOST");
    private static final String SCOPE = System.getenv("DPS_ID_SCOPE");
    private static final int LIMIT_MILLIS = 60_000;
    private static final char[] PASSWORD = "interop".toCharArray();
    private static final String RUN = HexFormat.of().toHexDigits(new SecureRandom().nextInt());

    /** The SDK trusts what the JVM trusts, so the hub's authority goes into the JVM's trust store, before first use. */
    @BeforeAll
    static void trustTheHub(@TempDir Path folder) throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        try (InputStream pem = Files.newInputStream(Path.of(System.getenv("HUBWIRE_CA_FILE")))) {
            trust.setCertificateEntry("hub", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        Path file = folder.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            trust.store(out, PASSWORD);
        }
        System.setProperty("javax.net.ssl.trustStore", file.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", new String(PASSWORD));
        SSLContext.getDefault(); // reads it now
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTPS", "MQTT", "MQTT_WS"})
    void registers_with_a_key_of_its_own_and_a_payload(ProvisioningDeviceClientTransportProtocol transport)
            throws Exception {
        String id = id(transport, "key");
        String key = newKey();
        enroll("enrollments", id, "{\"registrationId\":\"" + id + "\",\"deviceId\":\"the-" + id + "\"," + keys(key) + "}");
        ProvisioningDeviceClientRegistrationResult result =
                register(transport, withKey(key, id), "{\"modelId\":\"dtmi:com:example:Thermostat;1\"}");
        assertEquals("the-" + id, result.getDeviceId());
        assertEquals(HOST, result.getIothubUri());
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTPS", "MQTT", "MQTT_WS"})
    void registers_with_a_key_derived_from_its_groups(ProvisioningDeviceClientTransportProtocol transport)
            throws Exception {
        String id = id(transport, "member");
        String groupKey = newKey();
        String group = id + "-group";
        enroll("enrollmentGroups", group, "{\"enrollmentGroupId\":\"" + group + "\"," + keys(groupKey) + "}");
        byte[] key = SecurityProviderSymmetricKey.ComputeDerivedSymmetricKey(
                groupKey.getBytes(StandardCharsets.UTF_8), id);
        assertEquals(id, register(transport, new SecurityProviderSymmetricKey(key, id), null).getDeviceId());
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTPS", "MQTT", "MQTT_WS"})
    void registers_with_a_certificate(ProvisioningDeviceClientTransportProtocol transport, @TempDir Path folder)
            throws Exception {
        String id = id(transport, "x509");
        KeyStore store = selfSigned(id, folder.resolve("device.p12"));
        X509Certificate certificate = (X509Certificate) store.getCertificate("device");
        String base64 = Base64.getEncoder().encodeToString(certificate.getEncoded());
        enroll(
                "enrollments",
                id,
                "{\"registrationId\":\"" + id + "\",\"attestation\":{\"type\":\"x509\",\"x509\":{\"clientCertificates\":"
                        + "{\"primary\":{\"certificate\":\"" + base64 + "\"}}}}}");
        SecurityProvider security =
                new SecurityProviderX509Cert(certificate, store.getKey("device", PASSWORD), List.of());
        assertEquals(id, register(transport, security, null).getDeviceId());
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTPS", "MQTT", "MQTT_WS"})
    void is_refused_with_a_wrong_key(ProvisioningDeviceClientTransportProtocol transport) throws Exception {
        String id = id(transport, "wrong");
        enroll("enrollments", id, "{\"registrationId\":\"" + id + "\"," + keys(newKey()) + "}");
        assertThrows(
                ProvisioningDeviceClientException.class, () -> register(transport, withKey(newKey(), id), null));
    }

    private static String id(ProvisioningDeviceClientTransportProtocol transport, String what) {
        return "java-" + transport.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + what + "-" + RUN;
    }

    private static ProvisioningDeviceClientRegistrationResult register(
            ProvisioningDeviceClientTransportProtocol transport, SecurityProvider security, String payload)
            throws Exception {
        ProvisioningDeviceClient client = ProvisioningDeviceClient.create(HOST, SCOPE, transport, security);
        try {
            AdditionalData data = new AdditionalData();
            if (payload != null) {
                data.setProvisioningPayload(payload);
            }
            ProvisioningDeviceClientRegistrationResult result = client.registerDeviceSync(data, LIMIT_MILLIS);
            ProvisioningDeviceClientStatus status = result.getProvisioningDeviceClientStatus();
            if (status != ProvisioningDeviceClientStatus.PROVISIONING_DEVICE_STATUS_ASSIGNED) {
                throw new IllegalStateException("status " + status);
            }
            return result;
        } finally {
            client.close();
        }
    }

    /** Creates an enrollment by the service API of DPS; the SDK for that is a witness of its own, in Node. */
    private static void enroll(String collection, String id, String body) throws Exception {
        Map<String, String> parts = Stream.of(System.getenv("DPS_CONNECTION_STRING").split(";"))
                .map(part -> part.split("=", 2))
                .collect(Collectors.toMap(part -> part[0], part -> part[1]));
        Function<String, String> encoded = text -> URLEncoder.encode(text, StandardCharsets.UTF_8);
        String toSign = encoded.apply(parts.get("HostName")) + "\n"
                + Instant.now().plusSeconds(600).getEpochSecond();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts.get("SharedAccessKey")), "HmacSHA256"));
        String signature = Base64.getEncoder().encodeToString(mac.doFinal(toSign.getBytes(StandardCharsets.UTF_8)));
        String token = "SharedAccessSignature sr=" + toSign.split("\n")[0] + "&sig=" + encoded.apply(signature) + "&se="
                + toSign.split("\n")[1] + "&skn=" + parts.get("SharedAccessKeyName");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "https://" + HOST + "/" + collection + "/" + id + "?api-version=2021-10-01"))
                                .header("Authorization", token)
                                .header("Content-Type", "application/json; charset=utf-8")
                                .PUT(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer::body);
    }

    private static String keys(String primary) {
        return "\"attestation\":{\"type\":\"symmetricKey\",\"symmetricKey\":{\"primaryKey\":\""
                + primary + "\",\"secondaryKey\":\"" + newKey() + "\"}}";
    }

    /** The SDK's "bytes" of a key are those of its base64 text. */
    private static SecurityProvider withKey(String key, String id) {
        return new SecurityProviderSymmetricKey(key.getBytes(StandardCharsets.UTF_8), id);
    }

    private static String newKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private static KeyStore selfSigned(String commonName, Path file) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair", "-alias", "device", "-dname", "CN=" + commonName, "-keyalg", "RSA", "-validity", "10",
                        "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, keytool.waitFor(), "exit code of keytool");
        return KeyStore.getInstance(file.toFile(), PASSWORD);
    }
}
