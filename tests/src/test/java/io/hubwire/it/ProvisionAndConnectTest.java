package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.auth.TokenSource;
import io.hubwire.auth.X509Identity;
import io.hubwire.dps.Assignment;
import io.hubwire.dps.Attestation;
import io.hubwire.dps.DpsException;
import io.hubwire.dps.ProvisioningClient;
import io.hubwire.dps.ProvisioningOptions;
import io.hubwire.https.ScheduledTimer;
import io.hubwire.https.loopback.TestCa;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.mqtt.ClientCredentials;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.HubAddress;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From DPS to a working connection, with two hubs linked to one DPS. Everything is real but the hubs' names. */
@Timeout(120)
class ProvisionAndConnectTest {
    private static final SymmetricKey KEY = SymmetricKey.ofBytes(new byte[32]);
    /** Not zeros as well: HMAC pads its key with zeros, so that a shorter key of zeros would sign alike. */
    private static final SymmetricKey OTHER_KEY =
            SymmetricKey.ofBytes("another key, of 24 bytes".getBytes(StandardCharsets.UTF_8));

    private static final ETagMatch NEW = new ETagMatch.Absent();
    private static final ETagMatch ANY = new ETagMatch.Any();
    private static final String WEST = "west-hub.example";
    private static final String EAST = "east-hub.example";

    @TempDir
    private Path folder;

    private final List<String> connects = new CopyOnWriteArrayList<>();
    private LocalHub west;
    private LocalHub east;

    @BeforeEach
    void start() {
        west = LocalHub.start(LocalHubOptions.builder().host(WEST).build());
        east = LocalHub.start(LocalHubOptions.builder().host(EAST).build());
        west.link(east);
    }

    @AfterEach
    void stop() {
        east.close();
        west.close();
    }

    @Test
    void a_device_whose_hub_refuses_it_is_moved_with_its_twin_and_remembers_the_new_hub() throws Exception {
        Identity device = Identity.device("d1");
        Path file = folder.resolve("assignment.json");
        enroll("d1", WEST, "{'tags':{'from':'enrollment'}}", NEW);
        try (ProvisioningClient dps = open(Attestation.ofKey("d1", KEY), file)) {
            try (DeviceClient first = connectBy(dps)) {
                first.blocking().report("{\"version\":\"1.2\"}");
            }
            try (DeviceClient again = connectBy(dps)) {
                again.blocking().send(Message.of("hello"));
            }
            assertThat(connects).as("the second time DPS is not asked").containsExactly(WEST, WEST);
            enroll("d1", EAST, "{}", ANY);
            west.engine()
                    .registry()
                    .update(
                            device,
                            Json.parseObject(
                                    "device",
                                    "{\"status\":\"enabled\",\"authentication\":{\"type\":\"sas\",\"symmetricKey\":{\"primaryKey\":\""
                                            + OTHER_KEY.base64() + "\",\"secondaryKey\":\""
                                            + OTHER_KEY.base64() + "\"}}}"),
                            ANY);
        }
        // Two hours on, so that a refusal asks DPS again within seconds: before, it would wait out the pace of
        // registrations
        try (ScheduledTimer timer = new ScheduledTimer("two-hours-on");
                ProvisioningClient later = ProvisioningClient.open(
                        options(Attestation.ofKey("d1", KEY), file),
                        Clock.offset(Clock.systemUTC(), Duration.ofHours(2)),
                        timer,
                        () -> 0);
                DeviceClient moved = connectBy(later)) {
            assertThat(moved.blocking().twin().reported().toString()).contains("1.2");
        }
        assertThat(connects).containsExactly(WEST, WEST, WEST, EAST);
        assertThat(Files.readString(file)).contains("\"assignedHub\":\"" + EAST + "\"");
        assertThat(east.engine().twins().get(device).at("/tags/from").asText()).isEqualTo("enrollment");
        assertThat(west.engine().registry().list(10))
                .as("gone from the old hub")
                .noneMatch(d -> d.path("deviceId").asText().equals("d1"));
        assertThat(west.engine()
                        .provisioning()
                        .getRegistration("d1")
                        .path("substatus")
                        .asText())
                .isEqualTo("deviceDataMigrated");
    }

    @Test
    void a_chip_attests_itself_and_signs_for_the_hub() throws Exception {
        ClientTpm chip = new ClientTpm("chip of box-1");
        Attestation attestation = Attestation.ofTpm("box-1", chip);
        west.engine()
                .provisioning()
                .putEnrollment(
                        Kind.INDIVIDUAL,
                        "box-1",
                        object("{'attestation':{'type':'tpm','tpm':{'endorsementKey':'"
                                + Base64.getEncoder().encodeToString(chip.endorsementKey()) + "'}},'iotHubHostName':'"
                                + EAST + "'}"),
                        NEW);
        try (ProvisioningClient dps = open(attestation, null);
                DeviceClient device = dps.blocking()
                        .provisionAndConnect(assignment -> connect(
                                assignment,
                                ClientCredentials.tokens(TokenSource.ofProvider(
                                        now -> chip.token(assignment.hubHostName() + "/devices/box-1", now),
                                        new SecureRandom()))))) {
            device.blocking().send(Message.of("signed inside the chip"));
        }
        assertThat(connects).containsExactly(EAST);
        assertThat(chip.activations()).as("one key for DPS, one for the hub").isEqualTo(2);
        try (ProvisioningClient other = open(Attestation.ofTpm("box-1", new ClientTpm("another chip")), null)) {
            refused(other, ErrorCode.UNAUTHORIZED, 401002);
        }
        try (ProvisioningClient nobody = open(Attestation.ofTpm(chip), null)) {
            refused(nobody, ErrorCode.NOT_FOUND, 404201);
        }
    }

    @Test
    void a_device_of_an_authority_connects_by_its_certificate() throws Exception {
        TestCa authority = new TestCa("factory root");
        west.engine().authorities().put("factory", authority.certificate());
        west.engine()
                .provisioning()
                .putEnrollment(
                        Kind.GROUP,
                        "presses",
                        object(
                                "{'attestation':{'type':'x509','x509':{'caReferences':{'primary':'factory'}}},'iotHubs':['"
                                        + EAST + "']}"),
                        NEW);
        X509Identity press = authority.clientIdentity("press-1");
        try (ProvisioningClient dps = open(Attestation.ofCertificate(press), null);
                DeviceClient device = dps.blocking()
                        .provisionAndConnect(
                                assignment -> connect(assignment, ClientCredentials.certificates(press)))) {
            device.blocking().send(Message.of("pressed"));
        }
        assertThat(connects).containsExactly(EAST);
    }

    @Test
    void a_webhook_of_the_user_chooses_the_hub() throws Exception {
        HttpServer webhook = webhook(200, "{\"iotHubHostName\":\"" + EAST + "\",\"payload\":{\"by\":\"webhook\"}}");
        custom("d1", webhook.getAddress().getPort());
        try (ProvisioningClient dps = open(Attestation.ofKey("d1", KEY), null)) {
            Assignment assignment = dps.blocking().register("{\"model\":\"toaster-9\"}");
            assertThat(assignment.hubHostName()).isEqualTo(EAST);
            assertThat(assignment.state().payload()).isEqualTo("{\"by\":\"webhook\"}");
        } finally {
            webhook.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"200 | rubbish", "200 | {\"iotHubHostName\":\"nowhere\"}", "500 | oh", "-1 | down"})
    void a_webhook_that_is_down_or_answers_rubbish_ends_the_registration_with_400207(int status, String text)
            throws Exception {
        HttpServer webhook = webhook(status, text);
        if (status < 0) {
            webhook.stop(0);
        }
        custom("d1", webhook.getAddress().getPort());
        try (ProvisioningClient dps = open(Attestation.ofKey("d1", KEY), null)) {
            refused(dps, ErrorCode.INVALID_ARGUMENT, 400207);
        } finally {
            webhook.stop(0);
        }
    }

    private static void refused(ProvisioningClient dps, ErrorCode code, int errorCode) {
        assertThatThrownBy(() -> dps.blocking().register()).isInstanceOfSatisfying(DpsException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.errorCode()).hasValue(errorCode);
        });
    }

    private HttpServer webhook(int status, String text) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private void custom(String id, int port) {
        west.engine()
                .provisioning()
                .putEnrollment(
                        Kind.INDIVIDUAL,
                        id,
                        object("{" + attestation() + ",'allocationPolicy':'custom','customAllocationDefinition':"
                                + "{'webhookUrl':'http://localhost:" + port + "/','apiVersion':'2019-03-31'}}"),
                        NEW);
    }

    private void enroll(String id, String hub, String twin, ETagMatch match) {
        west.engine()
                .provisioning()
                .putEnrollment(
                        Kind.INDIVIDUAL,
                        id,
                        object("{" + attestation() + ",'iotHubHostName':'" + hub + "','initialTwin':" + twin + "}"),
                        match);
    }

    private static String attestation() {
        return "'attestation':{'type':'symmetricKey','symmetricKey':{'primaryKey':'" + KEY.base64()
                + "','secondaryKey':'" + KEY.base64() + "'}}";
    }

    private DeviceClient connectBy(ProvisioningClient dps) {
        return dps.blocking()
                .provisionAndConnect(assignment -> connect(
                        assignment,
                        ClientCredentials.keys(address(assignment), Identity.device(assignment.deviceId()), KEY)));
    }

    /** The hubs' names have no address, so the way there is by "gateway": this machine, on the port of that hub. */
    private CompletableFuture<DeviceClient> connect(Assignment assignment, ClientCredentials credentials) {
        connects.add(assignment.hubHostName());
        LocalHub hub = assignment.hubHostName().equals(WEST) ? west : east;
        DeviceClient device = DeviceClient.of(
                address(assignment),
                Identity.device(assignment.deviceId()),
                credentials,
                ClientOptions.builder()
                        .port(hub.mqttPort())
                        .trust(TlsTrust.pem(hub.caFile()))
                        .build());
        return device.connect().thenApply(connected -> device).whenComplete((open, refused) -> {
            if (refused != null) {
                device.closeAsync();
            }
        });
    }

    private static HubAddress address(Assignment assignment) {
        return new HubAddress(assignment.hubHostName(), "localhost");
    }

    private ProvisioningClient open(Attestation attestation, Path file) {
        return ProvisioningClient.open(options(attestation, file));
    }

    private ProvisioningOptions options(Attestation attestation, Path file) {
        ProvisioningOptions.Builder options = ProvisioningOptions.of(west.idScope(), attestation)
                .host("localhost")
                .https(h -> h.port(west.httpsPort()).trust(TlsTrust.pem(west.caFile())));
        if (file != null) {
            options.assignmentFile(file);
        }
        return options.build();
    }

    private static ObjectNode object(String json) {
        return Json.parseObject("test", json.replace('\'', '"'));
    }
}
