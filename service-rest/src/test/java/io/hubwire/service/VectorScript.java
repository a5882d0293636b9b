package io.hubwire.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Which call of ours makes the request of which vector, and how its result looks as the answer's body. */
final class VectorScript {
    private static final DeviceId DEV1 = new DeviceId("dev1");
    private static final Identity DEV1_TWIN = Identity.device("dev1");
    private static final Identity MOD1 = Identity.module("dev1", "mod1");
    private static final String KEY1 = "cHJpbWFyeS1rZXktMzItYnl0ZXMtbG9uZy0wMTIzNDU=";
    private static final String KEY2 = "c2Vjb25kYXJ5LWtleS0zMi1ieXRlcy1sb25nLTAxMjM=";

    /** Recorded from others: forms our client never sends, and calls of devices. */
    static final Map<String, String> NOT_OURS = Map.ofEntries(
            Map.entry("device-update-force-bare-star", "we quote the wildcard"),
            Map.entry("device-list-trailing-slash", "we send no trailing slash"),
            Map.entry("bulk-delete-explorer", "letter case of another tool"),
            Map.entry("twin-patch-method-override", "we can send PATCH"),
            Map.entry("job-twin-bad-etag", "we always send the wildcard it asks for"),
            Map.entry("module-to-device-method", "a module's call, not a back end's"));

    /** The result is given as the JSON that the vector's answer has, null for no body. */
    private final Map<String, Function<ServiceClient, CompletableFuture<? extends JsonNode>>> calls = new TreeMap<>();

    VectorScript() {
        devices();
        modules();
        twins();
        methods();
        cloudToDevice();
        bulk();
        queries();
        jobs();
        configurations();
        digitalTwins();
        errors();
    }

    boolean knows(String name) {
        return calls.containsKey(name);
    }

    CompletableFuture<? extends JsonNode> send(String name, ServiceClient hub) {
        return calls.get(name).apply(hub);
    }

    private void devices() {
        Authentication given = Authentication.keys(KEY1, KEY2);
        on(
                "device-create-sas-generated-keys",
                hub -> create(
                        hub,
                        Device.builder("dev1")
                                .authentication(Authentication.generatedKeys())
                                .status(IdentityStatus.ENABLED)));
        on(
                "device-create-sas-given-keys",
                hub -> create(hub, Device.builder("dev2").authentication(given)));
        on(
                "device-create-self-signed",
                hub -> create(
                        hub,
                        Device.builder("x509dev")
                                .authentication(new Authentication.SelfSigned("A".repeat(40), "B".repeat(40)))));
        on(
                "device-create-ca",
                hub -> create(hub, Device.builder("cadev").authentication(Authentication.certificateAuthority())));
        on(
                "device-create-edge",
                hub -> create(
                        hub,
                        Device.builder("edge1")
                                .authentication(Authentication.generatedKeys())
                                .edge(true)));
        on("device-create-exists", hub -> create(hub, Device.builder("dev1")));
        on("device-get", hub -> hub.registry().get(DEV1).thenApply(Device::tree));
        on(
                "device-get-not-found",
                hub -> hub.registry().get(new DeviceId("nope")).thenApply(Device::tree));
        on(
                "device-id-needs-encoding",
                hub -> hub.registry().get(new DeviceId("dev#1?")).thenApply(Device::tree));
        on("device-update-etag", hub -> hub.registry()
                .update(Device.parse("{\"deviceId\":\"dev1\",\"etag\":\"MTAwMDAwMDAx\"}").toBuilder()
                        .status(IdentityStatus.DISABLED, "maintenance")
                        .authentication(given)
                        .build())
                .thenApply(Device::tree));
        on(
                "device-update-force-quoted-star",
                hub -> hub.registry().update(enabledDev1(), IfMatch.ANY).thenApply(Device::tree));
        on("device-update-stale-etag", hub -> hub.registry()
                .update(enabledDev1(), IfMatch.of("\"c3RhbGU=\""))
                .thenApply(Device::tree));
        on("device-delete-force", hub -> nothing(hub.registry().delete(DEV1, IfMatch.ANY)));
        on("device-delete-stale-etag", hub -> nothing(hub.registry().delete(DEV1, IfMatch.of("c3RhbGU="))));
        on("device-list", hub -> hub.registry()
                .list(2)
                .thenApply(list -> array(list.stream().map(Device::tree).toList())));
        on("stats-devices", hub -> hub.statistics().devices().thenApply(s -> Json.object()
                .put("totalDeviceCount", (int) s.total())
                .put("enabledDeviceCount", (int) s.enabled())
                .put("disabledDeviceCount", (int) s.disabled())));
        on("stats-service", hub -> hub.statistics().connectedDevices().thenApply(n -> Json.object()
                .put("connectedDeviceCount", n.intValue())));
    }

    private void modules() {
        on("module-create", hub -> hub.registry()
                .createModule(Module.builder("dev1", "mod1")
                        .authentication(Authentication.generatedKeys())
                        .build())
                .thenApply(Module::tree));
        on("module-update", hub -> hub.registry()
                .updateModule(Module.builder("dev1", "mod1").managedBy("me").build(), IfMatch.of("MjAwMDAwMDAx"))
                .thenApply(Module::tree));
        on("module-list", hub -> hub.registry()
                .listModules(DEV1)
                .thenApply(list -> array(list.stream().map(Module::tree).toList())));
        on(
                "module-get-not-found",
                hub -> hub.registry().getModule(Identity.module("dev1", "nope")).thenApply(Module::tree));
        on("module-delete", hub -> nothing(hub.registry().deleteModule(MOD1, IfMatch.ANY)));
    }

    private void twins() {
        on("twin-get-fresh", hub -> hub.twins().get(DEV1_TWIN).thenApply(Twin::tree));
        on("module-twin-get", hub -> hub.twins().get(MOD1).thenApply(Twin::tree));
        on("twin-not-found", hub -> hub.twins().get(Identity.device("nope")).thenApply(Twin::tree));
        on("twin-patch-desired-and-tags", hub -> hub.twins()
                .patch(
                        DEV1_TWIN,
                        TwinUpdate.tags("{\"building\":\"43\"}")
                                .withDesired("{\"telemetryConfig\":{\"sendFrequency\":\"5m\"}}"),
                        IfMatch.ANY)
                .thenApply(Twin::tree));
        on("twin-patch-null-deletes", hub -> hub.twins()
                .patch(DEV1_TWIN, TwinUpdate.desired("{\"telemetryConfig\":null}"), IfMatch.of("AAAAAAAAAAI="))
                .thenApply(Twin::tree));
        on("twin-stale-etag", hub -> hub.twins()
                .patch(DEV1_TWIN, TwinUpdate.tags("{\"a\":2}"), IfMatch.of("AAAAAAAAAP8="))
                .thenApply(Twin::tree));
        on("twin-replace", hub -> hub.twins()
                .replace(DEV1_TWIN, TwinUpdate.tags("{\"only\":\"this\"}").withDesired("{\"x\":1}"), IfMatch.ANY)
                .thenApply(Twin::tree));
        on("server-busy", hub -> hub.twins().get(DEV1_TWIN).thenApply(Twin::tree));
    }

    private void methods() {
        MethodCall.Builder reboot = MethodCall.of("reboot").payload("{\"delay\":3}");
        on("method-ok", hub -> invoke(hub, DEV1_TWIN, reboot));
        on(
                "method-device-error-is-http-200",
                hub -> invoke(hub, DEV1_TWIN, MethodCall.of("unknown").payload("{\"delay\":3}")));
        on("method-module-ok", hub -> invoke(hub, MOD1, reboot));
        on("method-offline-new-form", hub -> invoke(hub, DEV1_TWIN, reboot));
        on(
                "method-offline-old-form",
                hub -> invoke(hub, DEV1_TWIN, MethodCall.of("echo").payload("\"asdf\"")));
        on(
                "method-device-timeout",
                hub -> invoke(
                        hub,
                        DEV1_TWIN,
                        MethodCall.of("reboot").payload("{\"delay\":3}").responseTimeout(Duration.ofSeconds(5))));
        on("method-not-registered", hub -> invoke(hub, Identity.device("nope"), reboot));
    }

    private void cloudToDevice() {
        on(
                "c2d-send-minimal",
                hub -> nothing(hub.c2d()
                        .send(
                                DEV1,
                                Message.builder("hello")
                                        .contentType("text/plain; charset=UTF-8")
                                        .contentEncoding("utf-8")
                                        .property("color", "red")
                                        .build())));
        on(
                "c2d-send-all-headers",
                hub -> nothing(hub.c2d()
                        .send(
                                DEV1,
                                Message.builder("{\"cmd\":1}")
                                        .messageId("m-1")
                                        .correlationId("c-1")
                                        .userId("u-1")
                                        .system(SystemProperty.ACK, "full")
                                        .system(SystemProperty.EXPIRY, "2030-01-01T00:00:00.0000000Z")
                                        .contentType("application/json")
                                        .contentEncoding("utf-8")
                                        .property("k", "v")
                                        .build())));
        on(
                "c2d-send-queue-full",
                hub -> nothing(hub.c2d()
                        .send(
                                DEV1,
                                Message.builder("51st")
                                        .contentType("text/plain")
                                        .build())));
        on(
                "c2d-send-device-not-found",
                hub -> nothing(hub.c2d()
                        .send(
                                new DeviceId("nope"),
                                Message.builder("x").contentType("text/plain").build())));
        on("purge", hub -> hub.c2d().purge(DEV1).thenApply(count -> Json.object()
                .put("totalMessagesPurged", count)
                .put("deviceId", "dev1")
                .putNull("moduleId")));
        on("feedback-receive", hub -> hub.c2d()
                .receiveFeedback()
                .thenApply(batch -> array(batch.orElseThrow().records().stream()
                        .map(record -> Json.parse("record", record.json()))
                        .toList())));
        on("feedback-none", hub -> hub.c2d().receiveFeedback().thenApply(VectorScript::absent));
        String lock = "3f1c4a90-0000-4000-8000-000000000001";
        on("feedback-complete", hub -> nothing(hub.c2d().completeFeedback(lock)));
        on("feedback-abandon", hub -> nothing(hub.c2d().abandonFeedback(lock)));
    }

    private void bulk() {
        Authentication made = Authentication.generatedKeys();
        on(
                "bulk-create",
                hub -> bulk(
                        hub,
                        BulkEntry.create(Device.builder("b1")
                                .status(IdentityStatus.ENABLED)
                                .authentication(made)
                                .build()),
                        BulkEntry.create(Device.builder("b2")
                                .status(IdentityStatus.ENABLED)
                                .authentication(made)
                                .build())));
        on("bulk-partial-failure", hub -> bulk(hub, BulkEntry.create(Device.of("dev1"))));
    }

    private void queries() {
        String all = "SELECT * FROM devices";
        on("query-page1", hub -> query(hub, all, PageRequest.first(1), Optional.of("eyJvZmZzZXQiOjF9"), "Twin"));
        on(
                "query-page2-last",
                hub -> query(hub, all, PageRequest.first(1).after("eyJvZmZzZXQiOjF9"), Optional.empty(), "Twin"));
        on(
                "query-aggregate",
                hub -> query(
                        hub,
                        "SELECT properties.reported.telemetryConfig.status AS status, COUNT() AS numberOfDevices FROM devices"
                                + " GROUP BY properties.reported.telemetryConfig.status",
                        PageRequest.first(),
                        Optional.empty(),
                        "Raw"));
        on(
                "query-projection-case",
                hub -> query(
                        hub,
                        "SELECT DeviceId, LastActivityTime FROM devices WHERE status = 'enabled' AND connectionState ="
                                + " 'Disconnected'",
                        PageRequest.first(),
                        Optional.empty(),
                        "Raw"));
        on(
                "query-device-jobs",
                hub -> query(
                        hub,
                        "SELECT * FROM devices.jobs WHERE devices.jobs.jobId = 'job1'",
                        PageRequest.first(),
                        Optional.empty(),
                        "DeviceJob"));
        on("query-syntax-error", hub -> query(hub, "SELEKT * FROM devices", PageRequest.first(), Optional.empty(), ""));
    }

    private void jobs() {
        JobSpec onDev1 = JobSpec.now("job1", "deviceId IN ['dev1']");
        on("job-twin-create", hub -> hub.jobs()
                .scheduleTwinUpdate(onDev1.startingAt(TestHub.START), TwinUpdate.desired("{\"x\":1}"))
                .thenApply(Job::tree));
        on("job-method-create", hub -> hub.jobs()
                .scheduleMethod(
                        JobSpec.now("job2", "deviceId IN ['dev1']"),
                        MethodCall.of("reboot").payload("{\"delay\":3}").build())
                .thenApply(Job::tree));
        on("job-get-completed", hub -> hub.jobs().get("job1").thenApply(Job::tree));
        on("job-not-found", hub -> hub.jobs().get("none").thenApply(Job::tree));
        on("job-cancel", hub -> hub.jobs().cancel("job1").thenApply(Job::tree));
        on("job-list", hub -> hub.jobs()
                .list(Optional.of("scheduleUpdateTwin"), Optional.of(JobStatus.COMPLETED), PageRequest.first(100))
                .thenApply(page -> array(page.items().stream().map(Job::tree).toList())));
        on("export-create", hub -> hub.jobs()
                .start(RegistryTransfer.exportTo("https://acct.blob.core.windows.net/c?sv=x", false))
                .thenApply(Job::tree));
        String bad = "https://acct.blob.core.windows.net/bad?sv=x";
        on(
                "import-bad-container",
                hub -> hub.jobs().start(RegistryTransfer.importFrom(bad, bad)).thenApply(Job::tree));
        on("export-cancel", hub -> nothing(hub.jobs().cancelTransfer("11111111-2222-3333-4444-555555555555")));
    }

    private void configurations() {
        on("config-create", hub -> hub.configurations()
                .create(Configuration.builder("cfg1")
                        .label("env", "test")
                        .deviceContent("{\"properties.desired.chiller\":{\"temp\":20}}")
                        .targetCondition("tags.env='test'")
                        .priority(10)
                        .member("metrics", Json.parse("metrics", "{\"queries\":{},\"results\":{}}"))
                        .build())
                .thenApply(Configuration::tree));
        on("config-delete", hub -> nothing(hub.configurations().delete("cfg1", IfMatch.ANY)));
        on("config-test-queries", hub -> hub.configurations()
                .testQueries("tags.env='test'", Map.of())
                .thenApply(test -> Json.object()
                        .put("targetConditionError", test.targetConditionError().orElse(null))
                        .set("customMetricQueryErrors", Json.object())));
        on(
                "config-apply-on-edge",
                hub -> nothing(hub.configurations()
                        .applyOnDevice(
                                new DeviceId("edge1"),
                                "{\"modulesContent\":{\"$edgeAgent\":{\"properties.desired\":{}}}}")));
    }

    private void digitalTwins() {
        on("digitaltwin-get", hub -> hub.digitalTwins().get(DEV1).thenApply(DigitalTwins.DigitalTwin::tree));
        on("digitaltwin-patch", hub -> hub.digitalTwins()
                .patch(DEV1, "[{\"op\":\"add\",\"path\":\"/targetTemperature\",\"value\":21}]", IfMatch.ANY)
                .thenApply(tag -> {
                    assertThat(tag).contains("AAAAAAAAAAI=");
                    return null;
                }));
        on("digitaltwin-command", hub -> hub.digitalTwins()
                .command(
                        DEV1,
                        "thermostat1",
                        MethodCall.of("getMaxMinReport")
                                .payload("\"2024-01-01T00:00:00Z\"")
                                .connectTimeout(Duration.ofSeconds(5))
                                .responseTimeout(Duration.ofSeconds(10))
                                .build())
                .thenApply(result -> {
                    assertThat(result.status()).isEqualTo(200);
                    return result.tree();
                }));
    }

    private void errors() {
        on("unauthorized-no-header", hub -> hub.registry().get(DEV1).thenApply(Device::tree));
        on("throttled", hub -> create(hub, Device.builder("dev9")));
        on("bad-api-version", hub -> hub.registry().get(DEV1).thenApply(Device::tree));
    }

    private void on(String name, Function<ServiceClient, CompletableFuture<? extends JsonNode>> call) {
        calls.put(name, call);
    }

    private static CompletableFuture<JsonNode> create(ServiceClient hub, Device.Builder device) {
        return hub.registry().create(device.build()).thenApply(Device::tree);
    }

    private static CompletableFuture<JsonNode> invoke(ServiceClient hub, Identity target, MethodCall.Builder call) {
        return hub.methods().invoke(target, call.build()).thenApply(result -> Json.object()
                .put("status", result.status())
                .set("payload", result.tree()));
    }

    private static CompletableFuture<JsonNode> bulk(ServiceClient hub, BulkEntry... entries) {
        return hub.registry().bulk(List.of(entries)).thenApply(result -> {
            ArrayNode errors = Json.array();
            result.errors().forEach(e -> errors.addObject()
                    .put("deviceId", e.deviceId())
                    .put("errorCode", e.errorCode())
                    .put("errorStatus", e.errorStatus())
                    .put("moduleId", e.moduleId())
                    .put("operation", e.operation()));
            ObjectNode out = Json.object().put("isSuccessful", result.isSuccessful());
            out.set("errors", errors);
            out.putArray("warnings");
            assertThat(result.warnings()).isEmpty();
            return out;
        });
    }

    private static CompletableFuture<JsonNode> query(
            ServiceClient hub, String query, PageRequest which, Optional<String> continuation, String itemType) {
        return hub.queries().page(query, which).thenApply(page -> {
            assertThat(page.continuation()).isEqualTo(continuation);
            assertThat(page.itemType()).isEqualTo(itemType);
            return array(page.items());
        });
    }

    private static Device enabledDev1() {
        return Device.builder("dev1").status(IdentityStatus.ENABLED).build();
    }

    private static CompletableFuture<JsonNode> nothing(CompletableFuture<Void> stage) {
        return stage.thenApply(done -> null);
    }

    private static JsonNode absent(Optional<?> value) {
        return value.<JsonNode>map(v -> Json.object().put("unexpected", v.toString()))
                .orElse(null);
    }

    private static JsonNode array(List<? extends JsonNode> items) {
        return Json.array().addAll(items);
    }
}
