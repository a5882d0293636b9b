package io.hubwire.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.EventHubConnectionString;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.engine.SharedAccessPolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;

/** With the image that {@code HUBWIRE_TEST_IMAGE} names, or the public one. */
@Tag("container")
@Timeout(300)
@EnabledIf(value = "engine", disabledReason = "no container engine; tests/container/run brings one where it can")
class HubwireContainerIT {
    @RegisterExtension
    static final HubwireContainer hub = container();

    static boolean engine() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    private static HubwireContainer container() {
        String image = System.getenv().getOrDefault("HUBWIRE_TEST_IMAGE", "");
        return image.isBlank() ? new HubwireContainer() : new HubwireContainer(DockerImageName.parse(image));
    }

    /** The status of {@code GET path} with a token of a policy. */
    private static int get(HubwireContainer from, String path, String policy, SymmetricKey key) throws Exception {
        return status(from, path, policy, key, HttpRequest.newBuilder().GET());
    }

    private static int status(
            HubwireContainer hub, String path, String policy, SymmetricKey key, HttpRequest.Builder request)
            throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(TlsTrust.pem(hub.caFile()).context())
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        SasToken token = SasToken.sign(hub.host(), key, Instant.now().plusSeconds(300), policy);
        URI address = URI.create("https://" + hub.host() + ":" + hub.httpsPort() + path + "?api-version=2021-04-12");
        return client.send(
                        request.uri(address)
                                .header("Authorization", token.text())
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static SymmetricKey key(String connectionString) {
        return ConnectionString.parse(connectionString).key().orElseThrow();
    }

    private static int devices(HubwireContainer from) throws Exception {
        return get(from, "/devices", "iothubowner", key(from.connectionString("iothubowner")));
    }

    @Test
    void its_keys_are_those_it_tells_and_not_the_public_ones() throws Exception {
        assertThat(devices(hub)).isEqualTo(200);
        assertThat(get(hub, "/devices", "registryRead", key(hub.connectionString("registryRead"))))
                .isEqualTo(200);
        for (SharedAccessPolicy publicOne : SharedAccessPolicy.defaults()) {
            assertThat(get(hub, "/devices", publicOne.name(), publicOne.primaryKey()))
                    .isEqualTo(401);
        }
    }

    @Test
    void every_port_shows_a_certificate_that_is_good_for_its_host() throws Exception {
        SSLParameters strict = new SSLParameters();
        strict.setEndpointIdentificationAlgorithm("HTTPS");
        for (int port : new int[] {hub.mqttPort(), hub.httpsPort(), hub.amqpPort()}) {
            try (SSLSocket socket = (SSLSocket)
                    TlsTrust.pem(hub.caFile()).context().getSocketFactory().createSocket(hub.host(), port)) {
                socket.setSSLParameters(strict);
                socket.setSoTimeout(10_000);
                socket.startHandshake();
                assertThat(socket.getSession().isValid()).isTrue();
            }
        }
    }

    @Test
    void it_tells_what_a_local_hub_tells_in_the_same_forms() {
        assertThat(ConnectionString.parse(hub.connectionString("service")).policyName())
                .contains("service");
        EventHubConnectionString events = EventHubConnectionString.parse(hub.eventHubConnectionString());
        assertThat(events.hostName()).isEqualTo(hub.host());
        assertThat(events.key()).contains(key(hub.connectionString("iothubowner")));
        assertThat(ConnectionString.parse(hub.dpsConnectionString()).policyName())
                .contains("provisioningserviceowner");
        assertThat(hub.idScope()).startsWith("0ne");
        assertThat(hub.getMqttPort()).isEqualTo(hub.mqttPort());
    }

    @Test
    void no_key_is_in_what_the_engine_shows_or_the_broker_logs() {
        String shown = String.join(
                "\n",
                String.valueOf(hub.getCurrentContainerInfo().getRawValues()),
                String.valueOf(hub.getEnvMap()),
                hub.toString(),
                hub.getLogs());
        for (String policy : PolicyKeys.POLICIES) {
            assertThat(shown).doesNotContain(key(hub.connectionString(policy)).base64());
        }
    }

    @Test
    void a_second_one_stands_beside_it_can_be_started_again_and_leaves_nothing() throws Exception {
        HubwireContainer second = container();
        try (second) {
            second.start();
            assertThat(devices(second)).isEqualTo(200);
            assertThat(second.mqttPort()).isNotEqualTo(hub.mqttPort());
            assertThat(get(second, "/devices", "iothubowner", key(hub.connectionString("iothubowner"))))
                    .isEqualTo(401);
            Path ca = second.caFile();
            second.stop();
            assertThat(Files.exists(ca.getParent())).isFalse();
            assertThat(devices(hub)).isEqualTo(200);
            second.start();
            assertThat(devices(second)).isEqualTo(200);
        }
        assertThatThrownBy(second::httpsPort).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void another_one_finds_the_data_of_the_one_before_and_is_known_by_its_alias(@TempDir Path data) throws Exception {
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx")); // for the image's user
        try (HubwireContainer first = container().withData(data)) {
            first.start();
            HttpRequest.Builder lamp = HttpRequest.newBuilder()
                    .PUT(HttpRequest.BodyPublishers.ofString("{\"deviceId\":\"lamp\"}"))
                    .header("Content-Type", "application/json");
            SymmetricKey owner = key(first.connectionString("iothubowner"));
            assertThat(status(first, "/devices/lamp", "iothubowner", owner, lamp))
                    .isEqualTo(200);
        }
        try (Network network = Network.newNetwork();
                HubwireContainer second =
                        container().withData(data).withNetwork(network).withNetworkAliases("hub.example.test")) {
            second.start();
            assertThat(get(second, "/devices/lamp", "iothubowner", key(second.connectionString("iothubowner"))))
                    .isEqualTo(200);
            assertThat(second.getEnvMap().get("HUBWIRE_HOST"))
                    .startsWith(second.host() + ",")
                    .contains("hub.example.test");
            // from inside the network, by the alias: only the certificate could be wrong, and it is the same on all
            // ports
            try (SSLSocket socket = (SSLSocket) TlsTrust.pem(second.caFile())
                    .context()
                    .getSocketFactory()
                    .createSocket(second.host(), second.httpsPort())) {
                socket.setSoTimeout(10_000);
                socket.startHandshake();
                X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
                assertThat(shown.getSubjectAlternativeNames())
                        .extracting(name -> String.valueOf(name.get(1)))
                        .contains("hub.example.test", second.host());
            }
        }
    }

    @Test
    void a_wrong_setting_is_told_in_the_extensions_own_words() {
        try (HubwireContainer wrong = container().withEnv("HUBWIRE_MQTT_PORT", "eight")) {
            assertThatThrownBy(wrong::start)
                    .isInstanceOf(ContainerLaunchException.class)
                    .hasMessageContaining("HUBWIRE_MQTT_PORT")
                    .hasMessageContaining("[eight]");
            assertThat(wrong.isRunning()).isFalse();
        }
    }

    @Nested
    class OnAField {
        @RegisterExtension
        final HubwireContainer own = container();

        @Test
        void each_test_gets_one_of_its_own() throws Exception {
            assertThat(devices(own)).isEqualTo(200);
            assertThat(own.getContainerId()).isNotEqualTo(hub.getContainerId());
        }
    }
}
