package io.hubwire.localhub.engine;

import static io.hubwire.localhub.engine.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.localhub.engine.AllocationWebhook.Reply;
import io.hubwire.localhub.engine.Provisioning.Answer;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.localhub.engine.TestCertificates.Issued;
import io.hubwire.localhub.store.JdbcStore;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import io.hubwire.protocol.trace.WireTrace;
import io.hubwire.protocol.vectors.Vectors;
import java.net.URI;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recorded exchanges of the device API, played against the engine. */
@Timeout(60)
class DpsVectorsTest {
    /** Exchanges that are not the engine's to answer, and why. */
    private static final Map<String, String> NOT_HERE = notHere();

    private static Map<String, String> notHere() {
        Map<String, String> reasons = new TreeMap<>();
        String endpoint = "the HTTPS endpoint's: headers, media types, methods, bodies that are not JSON";
        for (String id : List.of("37", "39", "40", "41", "51", "54")) {
            reasons.put(id, endpoint);
        }
        String fault = "what a fault makes of it, on command";
        for (String id : List.of("33", "34", "35", "36", "49")) {
            reasons.put(id, fault);
        }
        reasons.put("05", "the local DPS always says 202 first");
        reasons.put("25", "a mode of the service of 2020, off by default");
        reasons.put("27", "the enrollment vanishes between two steps, and with it here the right to ask");
        reasons.put("50", "certificate issuance, a preview");
        return reasons;
    }

    private final FakeTime time = new FakeTime(TestHub.START);
    private final JdbcStore store = JdbcStore.inMemory();
    private final HubEngine engine = new HubEngine(
            EngineOptions.of(new HubNames(List.of("contoso-hub.azure-devices.net"), "events", "0ne00111111"))
                    .withDps(new EngineOptions.Dps(
                            Duration.ofSeconds(6), Duration.ofSeconds(3), 5, SharedAccessPolicy.dpsDefaults())),
            store,
            time,
            time,
            new Random(5),
            WireTrace.NONE,
            (address, body) -> CompletableFuture.completedFuture(webhookReply(address.getPath())));
    private final TestHub east = beside(time, "east-hub.azure-devices.net");
    private final TestHub west = beside(time, "west-hub.azure-devices.net");
    private final Provisioning dps = engine.provisioning();
    private final Map<String, List<X509Certificate>> chains = new HashMap<>();
    private String operationId = "none";
    private @Nullable TpmDevice chip;

    private static TestHub beside(FakeTime time, String host) {
        HubNames names = new HubNames(List.of(host), "events", "0ne00111111");
        return new TestHub(EngineOptions.of(names), time, AllocationWebhook.NONE);
    }

    /** What the webhooks of the exchanges said, by their numbers. */
    private static Reply webhookReply(String path) {
        return switch (path) {
            case "/09" ->
                new Reply(
                        200,
                        Json.writeBytes(json("{'iotHubHostName':'contoso-hub.azure-devices.net',"
                                + "'payload':{'assignedBy':'webhook','level':2}}")));
            case "/30" -> new Reply(400, new byte[0]);
            default -> new Reply(200, Json.writeBytes(json("{}")));
        };
    }

    @AfterEach
    void close() {
        east.close();
        west.close();
        engine.close();
        store.close();
    }

    static Stream<Named<JsonNode>> exchanges() {
        return Vectors.named(Vectors.file("dps.json").path("exchanges"), "id")
                .filter(c -> !NOT_HERE.containsKey(number(c.getPayload())));
    }

    private static String number(JsonNode exchange) {
        return exchange.path("id").asText().substring(4, 6);
    }

    @Test
    void leaves_out_only_exchanges_that_exist() {
        List<String> all = Vectors.named(Vectors.file("dps.json").path("exchanges"), "id")
                .map(c -> number(c.getPayload()))
                .toList();
        assertThat(all).containsAll(NOT_HERE.keySet());
        assertThat(exchanges()).hasSize(all.size() - NOT_HERE.size()).hasSizeGreaterThan(38);
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void answers_as_recorded(JsonNode exchange) {
        prepare(exchange);
        for (JsonNode step : exchange.path("steps")) {
            JsonNode expected = step.path("response");
            if (step.at("/request/method").asText().equals("GET")
                    && expected.path("status").asInt() == 200) {
                time.advance(Duration.ofSeconds(6));
            }
            try {
                Answer answer = send(step.path("request"));
                assertThat(answer.status()).isEqualTo(expected.path("status").asInt());
                assertThat(answer.retryAfter().isPresent()).isEqualTo(answer.status() == 202);
                assertFits("$", answer.body(), expected.path("body"));
                activate(step.path("request"), answer.body().path("authenticationKey"));
            } catch (DpsRefusal e) {
                assertThat(e.status())
                        .as(e.detail())
                        .isEqualTo(expected.path("status").asInt());
                assertThat(e.errorCode())
                        .isEqualTo(expected.at("/body/errorCode").asInt());
            }
        }
    }

    private void prepare(JsonNode exchange) {
        if (exchange.at("/given/individualEnrollment") instanceof ObjectNode individual) {
            String id = individual.path("registrationId").asText();
            if (individual.at("/attestation/x509/clientCertificates") instanceof ObjectNode certificates) {
                Issued own = TestCertificates.selfSigned(id);
                certificates.set("primary", Json.object().put("certificate", pem(own.certificate())));
                chains.put("CN=" + id, List.of(own.certificate()));
            }
            individual.setAll(allocation(exchange));
            dps.putEnrollment(Kind.INDIVIDUAL, id, individual, new ETagMatch.Absent());
            if (exchange.at("/given").has("previousHub")) {
                comesFrom(exchange, individual);
            }
        }
        if (exchange.at("/given/enrollmentGroup") instanceof ObjectNode group) {
            dps.putEnrollment(Kind.GROUP, group.path("enrollmentGroupId").asText(), group, new ETagMatch.Absent());
        }
        if (number(exchange).equals("43")) {
            JsonNode request = exchange.at("/steps/0/request");
            dps.register("0ne00111111", "my-symkey-device", credentials(request), json("{}"), null);
            time.advance(Duration.ofSeconds(6));
        }
        if (exchange.path("id").asText().contains("x509")) {
            Issued root = TestCertificates.selfSigned("root");
            Issued intermediate = root.issueAuthority("intermediate");
            X509Certificate leaf = intermediate.issue("device-01").certificate();
            ObjectNode group = json("{'attestation':{'type':'x509','x509':{'signingCertificates':{'primary':{}}}}}");
            ((ObjectNode) group.at("/attestation/x509/signingCertificates/primary"))
                    .put("certificate", pem(root.certificate()));
            dps.putEnrollment(Kind.GROUP, "x509-group", group, new ETagMatch.Absent());
            chains.put("CN=device-01 (leaf) + intermediate + verified root", List.of(leaf, intermediate.certificate()));
            chains.put("CN=device-01", List.of(leaf));
        }
    }

    /** How the exchange's answer comes about: which hub, by whose choice. Most are meant for one hub. */
    private ObjectNode allocation(JsonNode exchange) {
        String number = number(exchange);
        return switch (number) {
            case "09", "30", "31" ->
                json("{'allocationPolicy':'custom','customAllocationDefinition':" + "{'webhookUrl':'https://localhost/"
                        + number + "'}}");
            case "32" -> {
                engine.link(east.engine, Duration.ZERO);
                east.engine.close();
                yield json("{'iotHubHostName':'east-hub.azure-devices.net'}");
            }
            case "45", "46", "47" -> {
                engine.link(east.engine, Duration.ZERO);
                engine.link(west.engine, Duration.ZERO);
                yield json("{'iotHubHostName':'"
                        + exchange.at("/given/previousHub").asText() + "'}");
            }
            default -> json("{}");
        };
    }

    private void comesFrom(JsonNode exchange, ObjectNode individual) {
        String id = individual.path("registrationId").asText();
        dps.register("0ne00111111", id, credentials(exchange.at("/steps/0/request")), json("{}"), null);
        assertThat(east.engine.registry().list(10)).hasSize(1);
        individual.put("iotHubHostName", "west-hub.azure-devices.net");
        individual.set("reprovisionPolicy", exchange.at("/given/reprovisionPolicy"));
        dps.putEnrollment(Kind.INDIVIDUAL, id, individual, new ETagMatch.Any());
    }

    /** A chip is told its key by the hub, so it cannot be the recorded one. */
    private void activate(JsonNode request, JsonNode authenticationKey) {
        if (authenticationKey.isTextual()) {
            JsonNode tpm = request.at("/body/tpm");
            TpmDevice presented = TpmDevice.of(
                    tpm.path("endorsementKey").asText(),
                    tpm.path("storageRootKey").asText());
            presented.activate(authenticationKey.asText());
            chip = presented;
        }
    }

    private Answer send(JsonNode request) {
        String[] path =
                URI.create(request.path("path").asText()).getPath().substring(1).split("/");
        Credentials credentials = credentials(request);
        switch (request.path("method").asText()) {
            case "PUT" -> {
                Answer answer = dps.register(path[0], path[2], credentials, request.path("body"), null);
                if (answer.status() == 202) {
                    operationId = answer.body().path("operationId").asText();
                    assertThat(operationId).matches("5\\.[0-9a-f]{16}\\.[0-9a-f-]{36}");
                }
                return answer;
            }
            case "GET" -> {
                boolean unknown = path[4].startsWith("4.000");
                return dps.operation(path[0], path[2], credentials, unknown ? path[4] : operationId);
            }
            default -> {
                ObjectNode state = dps.status(path[0], path[2], credentials);
                return new Answer(200, state, Optional.empty());
            }
        }
    }

    private Credentials credentials(JsonNode request) {
        if (request.has("clientCertificate")) {
            String who = request.path("clientCertificate").asText();
            return chains.entrySet().stream()
                    .filter(known -> known.getKey().equals(who))
                    .findFirst()
                    .or(() -> chains.entrySet().stream()
                            .filter(known -> who.startsWith(known.getKey()))
                            .findFirst())
                    .<Credentials>map(known -> new Credentials.Certificate(known.getValue()))
                    .orElseThrow(() -> new AssertionError("no certificate for " + who));
        }
        JsonNode token = request.path("headers").path("Authorization");
        TpmDevice activated = chip;
        if (activated != null && token.asText().contains("sig=VwLl8gMU")) {
            return activated.token(
                    "0ne00111111/registrations/tpm-reg-01", "registration", Instant.parse("2030-01-01T00:00:00Z"));
        }
        return token.isMissingNode() ? new Credentials.None() : new Credentials.Sas(token.asText());
    }

    private static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that is expected is there; a star stands for anything of its kind. */
    private void assertFits(String path, JsonNode actual, JsonNode expected) {
        if (expected.isObject()) {
            expected.properties()
                    .forEach(member ->
                            assertFits(path + "." + member.getKey(), actual.path(member.getKey()), member.getValue()));
            actual.fieldNames().forEachRemaining(name -> assertThat(expected.has(name) || name.equals("symmetricKey"))
                    .as("%s.%s is too much", path, name)
                    .isTrue());
        } else if (path.endsWith(".authenticationKey")) {
            assertThat(actual.asText()).as(path).isBase64();
        } else if (path.endsWith(".operationId")) {
            assertThat(actual.asText()).isEqualTo(operationId);
        } else if (!expected.asText().equals("*")) {
            assertThat(actual).as(path).hasToString(expected.toString());
        } else if (path.contains("Utc")) {
            assertThat(actual.asText()).as(path).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{7}Z");
        } else if (path.endsWith(".etag")) {
            assertThat(new String(Base64.getDecoder().decode(actual.asText())))
                    .as(path)
                    .matches("\".+\"");
        } else {
            assertThat(actual.asText()).as(path).isNotEmpty();
        }
    }
}
