package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.https.Await;
import io.hubwire.https.RetryPolicy;
import io.hubwire.https.ServiceException;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.throttling.Quota;
import io.hubwire.localhub.throttling.Tier;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.service.Authentication;
import io.hubwire.service.BulkResult;
import io.hubwire.service.Device;
import io.hubwire.service.FeedbackBatch;
import io.hubwire.service.FeedbackRecord;
import io.hubwire.service.IdentityStatus;
import io.hubwire.service.IfMatch;
import io.hubwire.service.Job;
import io.hubwire.service.JobStatus;
import io.hubwire.service.KeyChoice;
import io.hubwire.service.MethodCall;
import io.hubwire.service.MethodOutcome;
import io.hubwire.service.Module;
import io.hubwire.service.PageRequest;
import io.hubwire.service.RegistryTransfer;
import io.hubwire.service.RotatedKeys;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.ServiceOptions;
import io.hubwire.service.Twin;
import io.hubwire.service.TwinUpdate;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The back end's client and a local hub, which share codecs and nothing else. Each test has a device of its own. */
@Timeout(60)
class BackEndTest {
    private static LocalHub localHub;
    private static ServiceClient hub;

    @BeforeAll
    static void start() {
        localHub = LocalHub.start();
        hub = client("iothubowner");
    }

    @AfterAll
    static void stop() {
        hub.close();
        localHub.close();
    }

    @Test
    void a_device_lives_from_creation_to_deletion() {
        Device made = hub.registry().blocking().create(Device.of("life"));
        assertThat(made.primaryKey()).isPresent();
        assertThat(made.etag()).isPresent();
        assertThat(made.isConnected()).isFalse();
        assertThat(made.lastActivityTime()).isEmpty();
        refuses(ErrorCode.CONFLICT, () -> hub.registry().blocking().create(Device.of("life")));

        Device disabled = hub.registry()
                .blocking()
                .update(made.toBuilder()
                        .status(IdentityStatus.DISABLED, "broken")
                        .build());
        assertThat(disabled.statusReason()).contains("broken");
        assertThat(disabled.primaryKey()).isEqualTo(made.primaryKey());
        refuses(ErrorCode.PRECONDITION_FAILED, () -> hub.registry().blocking().update(made));
        assertThat(hub.registry().blocking().list(1_000))
                .contains(hub.registry().blocking().get(made.id()));

        refuses(ErrorCode.PRECONDITION_FAILED, () -> hub.registry()
                .blocking()
                .delete(made.id(), IfMatch.of(made.etag().orElseThrow())));
        hub.registry().blocking().delete(made.id(), IfMatch.ANY);
        refuses(ErrorCode.NOT_FOUND, () -> hub.registry().blocking().get(made.id()));
        refuses(ErrorCode.NOT_FOUND, () -> hub.registry().blocking().delete(made.id(), IfMatch.ANY));
    }

    @Test
    void every_way_to_authenticate_is_kept_as_given() {
        String key = SymmetricKey.generate(new SecureRandom()).base64();
        List<Authentication> ways = List.of(
                Authentication.keys(key, key),
                Authentication.thumbprint("AB".repeat(20)),
                Authentication.certificateAuthority());
        for (int i = 0; i < ways.size(); i++) {
            Device device =
                    Device.builder("auth-" + i).authentication(ways.get(i)).build();
            hub.registry().blocking().create(device);
            assertThat(hub.registry().blocking().get(device.id()).authentication())
                    .isEqualTo(ways.get(i));
        }
    }

    @Test
    void an_id_with_every_legal_mark_travels_in_the_path() {
        DeviceId odd = new DeviceId("a-:.+%_#*?!(),=@;$'z");
        hub.registry().blocking().create(Device.of(odd.value()));
        assertThat(hub.registry().blocking().get(odd).id()).isEqualTo(odd);
        assertThat(hub.twins()
                        .blocking()
                        .get(new Identity(odd, null))
                        .identity()
                        .device())
                .isEqualTo(odd);
    }

    @Test
    void modules_live_on_their_device() {
        DeviceId host = hub.registry().blocking().create(Device.of("host")).id();
        Module made = hub.registry()
                .blocking()
                .createModule(Module.builder("host", "m1").managedBy("me").build());
        assertThat(made.primaryKey()).isPresent();
        assertThat(hub.registry().blocking().listModules(host))
                .extracting(Module::identity)
                .containsExactly(made.identity());
        assertThat(hub.twins().blocking().get(made.identity()).identity()).isEqualTo(made.identity());
        hub.registry().blocking().deleteModule(made.identity(), IfMatch.ANY);
        refuses(ErrorCode.NOT_FOUND, () -> hub.registry().blocking().getModule(made.identity()));
    }

    @Test
    void a_twin_merges_replaces_and_counts() {
        Identity id = identity("twin");
        Twin fresh = hub.twins().blocking().get(id);
        assertThat(fresh.desiredVersion()).isEqualTo(1);

        Twin patched = hub.twins()
                .blocking()
                .patch(id, TwinUpdate.tags("{\"b\":\"43\"}").withDesired("{\"x\":1,\"y\":{\"z\":2}}"), IfMatch.ANY);
        assertThat(patched.desiredVersion()).isEqualTo(2);
        assertThat(patched.etag()).isNotEqualTo(fresh.etag());
        assertThat(hub.twins()
                        .blocking()
                        .patch(id, TwinUpdate.desired("{\"x\":null}"), IfMatch.ANY)
                        .desired())
                .hasToString("{\"y\":{\"z\":2}}");
        refuses(ErrorCode.PRECONDITION_FAILED, () -> hub.twins()
                .blocking()
                .patch(id, TwinUpdate.tags("{}"), IfMatch.of(fresh.etag().orElseThrow())));
        Twin replaced = hub.twins()
                .blocking()
                .replace(id, TwinUpdate.tags("{\"only\":1}").withDesired("{}"), IfMatch.ANY);
        assertThat(replaced.tags()).hasToString("{\"only\":1}");
        assertThat(replaced.desired()).isEmpty();
    }

    @Test
    void sixteen_writers_lose_no_update() {
        Identity id = identity("contended");
        List<CompletableFuture<Twin>> writers = IntStream.range(0, 16)
                .mapToObj(i -> hub.twins()
                        .modify(
                                id,
                                twin -> TwinUpdate.desired(
                                        "{\"n\":" + (twin.desired().path("n").asInt() + 1) + "}")))
                .toList();
        writers.forEach(Await::on);
        Twin twin = hub.twins().blocking().get(id);
        assertThat(twin.desired()).hasToString("{\"n\":16}");
        assertThat(twin.desiredVersion()).isEqualTo(17);
    }

    @Test
    void a_method_finds_no_one_at_home() {
        MethodCall call = MethodCall.of("blink").build();
        assertThat(hub.methods().blocking().outcome(identity("absent"), call))
                .isInstanceOf(MethodOutcome.Offline.class);
        refuses(ErrorCode.NOT_FOUND, () -> hub.methods().blocking().outcome(Identity.device("nobody"), call));
    }

    @Test
    void messages_queue_up_to_fifty_and_can_be_purged_with_feedback() {
        DeviceId id = identity("queue").device();
        for (int i = 0; i < 50; i++) {
            hub.c2d()
                    .blocking()
                    .send(
                            id,
                            Message.builder("hello")
                                    .messageId("m-" + i)
                                    .contentType("text/plain")
                                    .contentEncoding("utf-8")
                                    .system(SystemProperty.ACK, i == 0 ? "full" : "none")
                                    .property("n", Integer.toString(i))
                                    .build());
        }
        assertThat(hub.registry().blocking().get(id).cloudToDeviceMessageCount())
                .isEqualTo(50);
        refuses(ErrorCode.QUEUE_FULL, () -> hub.c2d().blocking().send(id, Message.of("51st")));
        assertThat(hub.c2d().blocking().purge(id)).isEqualTo(50);
        FeedbackBatch first = hub.c2d().blocking().receiveFeedback().orElseThrow();
        assertThat(first.records()).singleElement().satisfies(record -> {
            assertThat(record.status()).isEqualTo(FeedbackRecord.Status.PURGED);
            assertThat(record.originalMessageId()).isEqualTo("m-0");
        });
        hub.c2d().blocking().abandonFeedback(first.lockToken());
        FeedbackBatch again = hub.c2d().blocking().receiveFeedback().orElseThrow();
        assertThat(again.records()).isEqualTo(first.records());
        hub.c2d().blocking().completeFeedback(again.lockToken());
        assertThat(hub.c2d().blocking().receiveFeedback()).isEmpty();
        refuses(ErrorCode.PRECONDITION_FAILED, () -> hub.c2d().blocking().completeFeedback(again.lockToken()));
        refuses(ErrorCode.NOT_FOUND, () -> hub.c2d().blocking().send(new DeviceId("nobody"), Message.of("x")));
    }

    @Test
    void keys_are_made_anew_where_the_version_has_it() {
        Identity id = identity("rotated");
        SymmetricKey before =
                hub.registry().blocking().get(id.device()).primaryKey().orElseThrow();
        ConnectionString owner = ConnectionString.parse(localHub.connectionString("iothubowner"));
        try (ServiceClient newer = ServiceClient.open(ServiceOptions.of(owner)
                .https(h -> h.port(localHub.httpsPort()).trust(TlsTrust.pem(localHub.caFile())))
                .apiVersion("2024-03-31")
                .build())) {
            RotatedKeys result = newer.registry()
                    .blocking()
                    .regenerateKeys(KeyChoice.PRIMARY, List.of(id, Identity.device("nobody")));
            assertThat(result.errors())
                    .extracting(BulkResult.Failure::errorCode)
                    .containsExactly("DeviceNotFound");
            Device after = newer.registry().blocking().get(id.device());
            assertThat(after.primaryKey()).contains(result.rotated().get(0).primary());
            assertThat(after.primaryKey()).isNotEqualTo(java.util.Optional.of(before));
        }
    }

    /** Tier F1 lets one query through in three seconds here, and asks who comes too soon to wait. */
    @Test
    void a_client_of_a_hub_that_throttles_waits_its_turn() {
        Quota tight = new Quota(Tier.F1, Duration.ofSeconds(3), Duration.ZERO);
        try (LocalHub throttling =
                        LocalHub.start(LocalHubOptions.builder().quota(tight).build());
                ServiceClient hasty = client(throttling, RetryPolicy.NEVER);
                ServiceClient patient = client(throttling, RetryPolicy.DEFAULT)) {
            String query = "SELECT * FROM devices";
            PageRequest first = PageRequest.first();
            ServiceException refusal = (ServiceException) catchThrowable(() -> {
                for (int i = 0; i < 100; i++) {
                    hasty.queries().blocking().page(query, first);
                }
            });
            assertThat(refusal.code()).isEqualTo(ErrorCode.THROTTLED);
            assertThat(refusal.retryAfter()).hasValueSatisfying(wait -> assertThat(wait)
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3)));
            assertThat(patient.queries().blocking().page(query, first).items()).hasSize(1);
        }
    }

    private static ServiceClient client(LocalHub of, RetryPolicy retry) {
        return ServiceClient.open(ServiceOptions.of(ConnectionString.parse(of.connectionString("iothubowner")))
                .https(h ->
                        h.port(of.httpsPort()).trust(TlsTrust.pem(of.caFile())).retry(retry))
                .build());
    }

    @Test
    void the_registry_travels_by_way_of_the_hubs_container_and_no_job_shows_its_token() {
        Identity id = identity("travels");
        Device before = hub.registry().blocking().get(id.device());
        String container = localHub.registryContainer(Duration.ofMinutes(5));
        Job exported = ended(hub.jobs().blocking().start(RegistryTransfer.exportTo(container, false)));
        assertThat(exported.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(exported.json()).contains("/registry?", "sig=***");
        hub.registry().blocking().delete(id.device(), IfMatch.ANY);

        Job imported = ended(hub.jobs().blocking().start(RegistryTransfer.importFrom(container, container)));
        assertThat(imported.status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(hub.registry().blocking().get(id.device()).primaryKey()).isEqualTo(before.primaryKey());
        assertThat(hub.jobs().blocking().listTransfers()).extracting(Job::id).contains(exported.id(), imported.id());
        refuses(ErrorCode.INVALID_ARGUMENT, () -> hub.jobs()
                .blocking()
                .start(RegistryTransfer.exportTo(container.replace("sig=", "sig=x"), false)));
    }

    private static Job ended(Job started) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> hub.jobs().blocking().getTransfer(started.id()), job -> job.status()
                        .isEnd());
    }

    @Test
    void statistics_count_identities() {
        identity("counted");
        assertThat(hub.statistics().blocking().devices().total()).isPositive();
        assertThat(hub.statistics().blocking().connectedDevices()).isZero();
    }

    @Test
    void a_policy_opens_only_what_it_may() {
        try (ServiceClient service = client("service");
                ServiceClient reader = client("registryRead")) {
            Identity id = identity("guarded");
            assertThat(service.twins().blocking().get(id).identity()).isEqualTo(id);
            refuses(ErrorCode.UNAUTHORIZED, () -> service.registry().blocking().create(Device.of("not-mine")));
            assertThat(reader.registry().blocking().get(id.device()).id()).isEqualTo(id.device());
            refuses(ErrorCode.UNAUTHORIZED, () -> reader.registry().blocking().delete(id.device(), IfMatch.ANY));
        }
    }

    @Test
    void a_wrong_key_and_an_untrusted_hub_are_told_apart() {
        ConnectionString wrong =
                ConnectionString.ofPolicy(localHub.host(), "iothubowner", SymmetricKey.generate(new SecureRandom()));
        try (ServiceClient stranger = ServiceClient.open(ServiceOptions.of(wrong)
                .https(h -> h.port(localHub.httpsPort()).trust(TlsTrust.pem(localHub.caFile())))
                .build())) {
            refuses(ErrorCode.UNAUTHORIZED, () -> stranger.registry().blocking().list(1));
        }
        try (ServiceClient wary =
                ServiceClient.open(ServiceOptions.of(ConnectionString.parse(localHub.connectionString("iothubowner")))
                        .https(h -> h.port(localHub.httpsPort()))
                        .build())) {
            refuses(ErrorCode.TLS_FAILED, () -> wary.registry().blocking().list(1));
        }
    }

    private static ServiceClient client(String policy) {
        return ServiceClient.open(ServiceOptions.of(ConnectionString.parse(localHub.connectionString(policy)))
                .https(h -> h.port(localHub.httpsPort()).trust(TlsTrust.pem(localHub.caFile())))
                .build());
    }

    /** A new device. */
    private static Identity identity(String deviceId) {
        return new Identity(
                hub.registry().blocking().create(Device.of(deviceId)).id(), null);
    }

    private static void refuses(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(HubwireException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }
}
