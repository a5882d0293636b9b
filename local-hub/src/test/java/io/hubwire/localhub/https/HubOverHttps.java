package io.hubwire.localhub.https;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.endpoint.EndpointContext;
import io.hubwire.localhub.engine.EngineOptions;
import io.hubwire.localhub.engine.HubEngine;
import io.hubwire.localhub.engine.HubNames;
import io.hubwire.localhub.engine.SharedAccessPolicy;
import io.hubwire.localhub.management.DeviceManagement;
import io.hubwire.localhub.management.ManagementOptions;
import io.hubwire.localhub.store.JdbcStore;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import io.hubwire.protocol.trace.WireTrace;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import okhttp3.ConnectionPool;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** A hub on time that stands still, behind its real HTTPS port, and a client that trusts it. */
final class HubOverHttps implements AutoCloseable {
    static final String HOST = "hub.example-devices.net";
    static final String ID_SCOPE = "0ne00111111";
    static final Instant START = Instant.parse("2024-01-02T03:04:05Z");
    static final MediaType JSON = MediaType.get("application/json; charset=utf-8");
    static final String VERSION = "?api-version=2021-04-12";

    final FakeTime time = new FakeTime(START);
    final HubEngine engine;
    final List<WireTrace.Event> seen = new CopyOnWriteArrayList<>();
    final OkHttpClient client;
    private final JdbcStore store = JdbcStore.inMemory();
    final DeviceManagement management;
    private final HttpsEndpoint endpoint;
    private final HubTls tls;

    /** An answer, read whole. */
    record Answer(int status, Headers headers, byte[] bytes) {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        JsonNode json() {
            return Json.parse("answer", bytes);
        }

        String errorCode() {
            return String.valueOf(headers.get("iothub-errorcode"));
        }
    }

    /** The certificate is made once a test class: it takes longer than the rest of a start. */
    static HubTls tls(Path folder) throws Exception {
        return HubTls.open(folder, List.of("localhost", "127.0.0.1"), Clock.systemUTC(), new SecureRandom());
    }

    HubOverHttps(HubTls tls) throws IOException {
        this(tls, options -> options);
    }

    HubOverHttps(HubTls tls, UnaryOperator<EngineOptions> change) throws IOException {
        HubNames names = new HubNames(List.of(HOST, "localhost", "127.0.0.1"), "events", ID_SCOPE);
        engine = new HubEngine(change.apply(EngineOptions.of(names)), store, time, time, new Random(42), seen::add);
        management = new DeviceManagement(engine, store, ManagementOptions.defaults(), new Random(43));
        endpoint = HttpsEndpoint.start(
                new EndpointContext(engine, tls, List.of(InetAddress.getLoopbackAddress())),
                management,
                0,
                new FakeBroker(),
                (facts, peer) -> CompletableFuture.failedFuture(new IllegalStateException("no AMQP in this test")),
                UUID::randomUUID);
        client = TestServer.client(tls);
        this.tls = tls;
    }

    /** An empty one with the same certificate. */
    HubOverHttps another() throws IOException {
        return new HubOverHttps(tls);
    }

    /** A client that presents a certificate. */
    OkHttpClient client(ClientCertificate certificate) throws Exception {
        TlsTrust trust = TlsTrust.pem(tls.caFile());
        return client.newBuilder()
                .connectionPool(new ConnectionPool())
                .sslSocketFactory(certificate.context(trust.trustManager()).getSocketFactory(), trust.trustManager())
                .build();
    }

    Request.Builder request(String pathAndQuery) {
        return new Request.Builder().url("https://localhost:" + endpoint.port() + pathAndQuery);
    }

    /** A request of the back end, with all rights. */
    Request.Builder owner(String pathAndQuery) {
        return request(pathAndQuery).header("Authorization", policyToken("iothubowner", HOST));
    }

    Request.Builder as(Identity identity, String pathAndQuery) {
        return request(pathAndQuery).header("Authorization", deviceToken(identity));
    }

    Answer send(Request.Builder request) throws IOException {
        return send(client, request);
    }

    static Answer send(OkHttpClient client, Request.Builder request) throws IOException {
        Request sent = request.build();
        try (Response response = client.newCall(sent).execute()) {
            Answer answer = new Answer(
                    response.code(), response.headers(), response.body().bytes());
            AsDescribed.require(sent, answer);
            return answer;
        }
    }

    static RequestBody body(String json) {
        return RequestBody.create(JSON, json.replace('\'', '"'));
    }

    /** Good for an hour. */
    String policyToken(String policy, String audience) {
        return policyToken(policy, audience, time.instant().plus(Duration.ofHours(1)));
    }

    String policyToken(String policy, String audience, Instant expiry) {
        return token(SharedAccessPolicy.defaults(), policy, audience, expiry);
    }

    String dpsToken() {
        return token(
                SharedAccessPolicy.dpsDefaults(),
                "provisioningserviceowner",
                "localhost",
                time.instant().plus(Duration.ofHours(1)));
    }

    private static String token(List<SharedAccessPolicy> all, String policy, String audience, Instant expiry) {
        SymmetricKey key = all.stream()
                .filter(p -> p.name().equals(policy))
                .findFirst()
                .orElseThrow()
                .primaryKey();
        return SasToken.sign(audience, key, expiry, policy).text();
    }

    String deviceToken(Identity identity) {
        SymmetricKey key = SymmetricKey.ofBase64(engine.registry()
                .get(identity)
                .at("/authentication/symmetricKey/primaryKey")
                .asText());
        return SasToken.sign(
                        HOST + "/" + identity.resource(), key, time.instant().plus(Duration.ofHours(1)), null)
                .text();
    }

    /** Registers a device or module. */
    Identity create(Identity identity, String json) {
        engine.registry().create(identity, object(json));
        return identity;
    }

    Identity device(String id) {
        return create(Identity.device(id), "{}");
    }

    ConnectedDevice connect(Identity identity) {
        return new ConnectedDevice(engine, identity);
    }

    static ObjectNode object(String json) {
        return Json.parseObject("test", json.replace('\'', '"'));
    }

    @Override
    public void close() {
        client.dispatcher().executorService().shutdownNow();
        client.connectionPool().evictAll();
        endpoint.close();
        management.close();
        engine.close();
        store.close();
    }
}
