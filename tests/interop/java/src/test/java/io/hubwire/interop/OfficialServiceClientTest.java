package io.hubwire.interop;

import static io.hubwire.interop.Hubwire.env;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.azure.sdk.iot.device.ClientOptions;
import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.twin.DirectMethodResponse;
import com.microsoft.azure.sdk.iot.service.auth.AuthenticationType;
import com.microsoft.azure.sdk.iot.service.configurations.Configuration;
import com.microsoft.azure.sdk.iot.service.configurations.ConfigurationContent;
import com.microsoft.azure.sdk.iot.service.configurations.ConfigurationMetrics;
import com.microsoft.azure.sdk.iot.service.configurations.ConfigurationsClient;
import com.microsoft.azure.sdk.iot.service.digitaltwin.DigitalTwinClient;
import com.microsoft.azure.sdk.iot.service.digitaltwin.UpdateOperationUtility;
import com.microsoft.azure.sdk.iot.service.digitaltwin.models.DigitalTwinCommandResponse;
import com.microsoft.azure.sdk.iot.service.digitaltwin.serialization.BasicDigitalTwin;
import com.microsoft.azure.sdk.iot.service.exceptions.ErrorCodeDescription;
import com.microsoft.azure.sdk.iot.service.exceptions.IotHubException;
import com.microsoft.azure.sdk.iot.service.jobs.DirectMethodsJobOptions;
import com.microsoft.azure.sdk.iot.service.jobs.ScheduledJob;
import com.microsoft.azure.sdk.iot.service.jobs.ScheduledJobStatus;
import com.microsoft.azure.sdk.iot.service.jobs.ScheduledJobType;
import com.microsoft.azure.sdk.iot.service.jobs.ScheduledJobsClient;
import com.microsoft.azure.sdk.iot.service.methods.DirectMethodRequestOptions;
import com.microsoft.azure.sdk.iot.service.methods.DirectMethodsClient;
import com.microsoft.azure.sdk.iot.service.query.JobQueryResponse;
import com.microsoft.azure.sdk.iot.service.query.QueryClient;
import com.microsoft.azure.sdk.iot.service.query.QueryPageOptions;
import com.microsoft.azure.sdk.iot.service.query.RawQueryResponse;
import com.microsoft.azure.sdk.iot.service.query.TwinQueryResponse;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.registry.DeviceStatus;
import com.microsoft.azure.sdk.iot.service.registry.Module;
import com.microsoft.azure.sdk.iot.service.registry.RegistryClient;
import com.microsoft.azure.sdk.iot.service.registry.RegistryJob;
import com.microsoft.azure.sdk.iot.service.twin.Twin;
import com.microsoft.azure.sdk.iot.service.twin.TwinClient;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.HttpsURLConnection;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The official Java service SDK; where a device is needed, it is the official Java device SDK's over MQTT. */
@Timeout(120)
class OfficialServiceClientTest {
    private static final String CONNECTION = env("IOTHUB_CONNECTION_STRING");
    private static final String RUN = UUID.randomUUID().toString().substring(0, 8);
    private static final String MODEL = "dtmi:com:example:Thermostat;1";
    private static final char[] PASSWORD = "trusting".toCharArray();

    private static RegistryClient registry;
    private static TwinClient twins;
    private static DirectMethodsClient methods;
    private static DeviceClient device;
    private static final String LIVE = "java-live-" + RUN;
    /** Desired properties the device was told of, in order. */
    private static final BlockingQueue<String> TOLD = new LinkedBlockingQueue<>();

    /** Most of the SDK asks HttpsURLConnection, its digital twins a library that asks the JVM's trust store. */
    @BeforeAll
    static void start() throws Exception {
        Path store = Files.createTempFile("hubwire", ".p12");
        store.toFile().deleteOnExit();
        try (OutputStream out = Files.newOutputStream(store)) {
            Hubwire.roots().store(out, PASSWORD);
        }
        System.setProperty("javax.net.ssl.trustStore", store.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", new String(PASSWORD));
        HttpsURLConnection.setDefaultSSLSocketFactory(Hubwire.trust().getSocketFactory());
        registry = new RegistryClient(CONNECTION);
        twins = new TwinClient(CONNECTION);
        methods = new DirectMethodsClient(CONNECTION);

        String key = registry.addDevice(new Device(LIVE)).getPrimaryKey();
        ClientOptions options =
                ClientOptions.builder().sslContext(Hubwire.trust()).modelId(MODEL).build();
        device = new DeviceClient(
                "HostName=127.0.0.1;DeviceId=" + LIVE + ";SharedAccessKey=" + key, IotHubClientProtocol.MQTT, options);
        device.open(false);
        device.subscribeToMethods(
                (name, payload, context) -> name.endsWith("echo")
                        ? new DirectMethodResponse(202, payload.getPayload(Map.class))
                        : new DirectMethodResponse(500, Map.of("why", "no such method")),
                null);
        device.subscribeToDesiredProperties(
                (twin, context) -> TOLD.add(twin.getDesiredProperties().toString()), null);
        TwinRequest.answered(device::getTwin); // what is pushed needs a client that has asked once
    }

    @AfterAll
    static void stop() throws Exception {
        if (device != null) {
            device.close();
        }
        TwinQueryResponse mine = new QueryClient(CONNECTION).queryTwins("SELECT * FROM devices");
        List<String> ids = new ArrayList<>();
        while (mine.hasNext()) {
            ids.add(mine.next().getDeviceId());
        }
        for (String id : ids) {
            if (id.endsWith(RUN)) {
                registry.removeDevice(id);
            }
        }
    }

    private static String name(String what) {
        return "java-" + what + "-" + RUN;
    }

    /** The SDK reads a number where the body has one; elsewhere the status is all it tells. */
    private static void assertRefused(ErrorCodeDescription code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        IotHubException.class, e -> assertThat(e.getErrorCodeDescription()).isEqualTo(code));
    }

    /** Asks until it is so. */
    private static <T> T until(Callable<T> ask, Predicate<T> isSo) throws Exception {
        T value = ask.call();
        for (int i = 0; i < 300 && !isSo.test(value); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
            value = ask.call();
        }
        assertThat(value).matches(isSo, "what was waited for, within 30 s");
        return value;
    }

    @Test
    void a_device_is_made_read_changed_and_deleted() throws Exception {
        Device made = registry.addDevice(new Device(name("crud")));
        assertThat(made.getPrimaryKey()).hasSize(24); // the SDK makes the keys itself
        assertThat(registry.getDevice(made.getDeviceId()).getETag()).isEqualTo(made.getETag());
        assertRefused(ErrorCodeDescription.Conflict, () -> registry.addDevice(new Device(name("crud"))));

        made.setStatus(DeviceStatus.Disabled);
        Device changed = registry.updateDevice(made);
        assertThat(changed.getStatus()).isEqualTo(DeviceStatus.Disabled);
        assertThat(changed.getPrimaryKey()).isEqualTo(made.getPrimaryKey());
        assertRefused(ErrorCodeDescription.PreconditionFailed, () -> registry.removeDevice(made));
        registry.removeDevice(changed);
        assertRefused(ErrorCodeDescription.NotFound, () -> registry.getDevice(name("crud")));
    }

    @Test
    void every_way_to_authenticate_comes_back_as_it_was_given() throws Exception {
        Device self = new Device(name("self"), AuthenticationType.SELF_SIGNED);
        self.setThumbprint("A".repeat(40), "B".repeat(40));
        assertThat(registry.addDevice(self).getPrimaryThumbprint()).isEqualTo("A".repeat(40));
        Device ca = registry.addDevice(new Device(name("ca"), AuthenticationType.CERTIFICATE_AUTHORITY));
        assertThat(ca.getAuthenticationType()).isEqualTo(AuthenticationType.CERTIFICATE_AUTHORITY);
        assertThat(registry.getStatistics().getTotalDeviceCount()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void modules_are_made_read_changed_and_deleted() throws Exception {
        String parent = registry.addDevice(new Device(name("parent"))).getDeviceId();
        Module made = registry.addModule(new Module(parent, "m1"));
        registry.addModule(new Module(parent, "m2"));
        assertThat(registry.getModulesOnDevice(parent)).extracting(Module::getId).containsExactlyInAnyOrder("m1", "m2");
        assertThat(registry.updateModule(made).getETag()).isNotEqualTo(made.getETag());
        assertRefused(
                ErrorCodeDescription.Conflict, () -> registry.addModule(new Module(parent, "m2")));
        registry.removeModule(parent, "m1");
        assertRefused(ErrorCodeDescription.NotFound, () -> registry.getModule(parent, "m1"));

        Twin twin = twins.get(parent, "m2");
        twin.getTags().put("at", "door");
        assertThat(twins.patch(twin).getTags()).containsEntry("at", "door");
    }

    @Test
    void a_twin_is_merged_and_replaced_and_only_when_nobody_else_has_changed_it() throws Exception {
        String id = registry.addDevice(new Device(name("twin"))).getDeviceId();
        Twin twin = twins.get(id);
        String stale = twin.getETag();
        twin.getTags().put("level", 3);
        twin.getDesiredProperties().put("interval", 7);
        Twin patched = twins.patch(twin);
        assertThat(patched.getTags()).containsKey("level");
        assertThat(patched.getDesiredProperties().getVersion()).isEqualTo(2);

        Twin late = new Twin(id);
        late.setETag(stale);
        late.getTags().put("late", true);
        assertRefused(ErrorCodeDescription.PreconditionFailed, () -> twins.patch(late, stale));

        Twin other = new Twin(id);
        other.getTags().put("only", "this");
        Twin replaced = twins.replace(other);
        assertThat(replaced.getTags()).containsOnlyKeys("only");
        assertThat(replaced.getDesiredProperties()).doesNotContainKey("interval");
    }

    @Test
    void desired_properties_reach_the_device() throws Exception {
        Twin change = new Twin(LIVE);
        change.getDesiredProperties().put("colour", "ü-" + RUN);
        twins.patch(change);

        String told;
        do {
            told = TOLD.poll(30, TimeUnit.SECONDS);
        } while (told != null && !told.contains("ü-" + RUN));
        assertThat(told).as("what the device was told").isNotNull();
        Twin now = twins.get(LIVE);
        assertThat(now.getConnectionState()).isEqualToIgnoringCase("Connected"); // in capitals, by the SDK
        assertThat(now.getModelId()).isEqualTo(MODEL);
    }

    @Test
    void a_method_is_called_and_its_answer_comes_back() throws Exception {
        DirectMethodRequestOptions echo = DirectMethodRequestOptions.builder()
                .payload(Map.of("text", "€"))
                .methodConnectTimeoutSeconds(1) // 200 by default
                .methodResponseTimeoutSeconds(15)
                .build();
        var answer = until(() -> invokeOnceSubscribed(echo), got -> got != null);
        assertThat(answer.getStatus()).isEqualTo(202);
        assertThat(answer.getPayloadAsJsonString()).isEqualTo("{\"text\":\"€\"}");
        assertThat(methods.invoke(LIVE, "nonsense", echo).getStatus()).isEqualTo(500);

        String away = registry.addDevice(new Device(name("away"))).getDeviceId();
        assertRefused(ErrorCodeDescription.DeviceNotOnline, () -> methods.invoke(away, "echo", echo));
        assertRefused(ErrorCodeDescription.DeviceNotFound, () -> methods.invoke(name("nobody"), "echo", echo));
    }

    private static com.microsoft.azure.sdk.iot.service.methods.DirectMethodResponse invokeOnceSubscribed(
            DirectMethodRequestOptions options) throws Exception {
        try {
            return methods.invoke(LIVE, "echo", options);
        } catch (IotHubException e) {
            assertThat(e.getErrorCodeDescription()).isEqualTo(ErrorCodeDescription.DeviceNotOnline);
            return null;
        }
    }

    @Test
    void a_query_goes_page_by_page_and_gives_twins_or_rows() throws Exception {
        for (int i = 0; i < 5; i++) {
            Twin twin = new Twin(registry.addDevice(new Device(name("asked" + i))).getDeviceId());
            twin.getTags().put("run", RUN);
            twin.getTags().put("odd", i % 2);
            twins.patch(twin);
        }
        QueryClient queries = new QueryClient(CONNECTION);
        QueryPageOptions two = QueryPageOptions.builder().pageSize(2).build();
        TwinQueryResponse all = queries.queryTwins("SELECT * FROM devices WHERE tags.run = '" + RUN + "'", two);
        List<String> ids = new ArrayList<>();
        while (all.hasNext()) {
            ids.add(all.next().getDeviceId());
        }
        assertThat(ids).hasSize(5).allMatch(id -> id.startsWith("java-asked"));

        RawQueryResponse groups = queries.queryRaw("SELECT tags.odd AS odd, COUNT() AS n FROM devices WHERE tags.run = '"
                + RUN + "' GROUP BY tags.odd");
        List<String> rows = new ArrayList<>();
        while (groups.hasNext()) {
            rows.add(groups.next());
        }
        assertThat(rows).hasSize(2).anyMatch(row -> row.contains("3")).anyMatch(row -> row.contains("2"));
        assertRefused(ErrorCodeDescription.BadFormat, () -> queries.queryTwins("SELECT * FROM"));
    }

    @Test
    void jobs_change_twins_and_call_methods_and_can_be_called_off() throws Exception {
        ScheduledJobsClient jobs = new ScheduledJobsClient(CONNECTION);
        String one = "deviceId = '" + LIVE + "'";
        Twin update = new Twin();
        update.setETag("*");
        update.getTags().put("byJob", RUN);
        jobs.scheduleUpdateTwin(name("twins"), one, update, new Date(), 60);
        ScheduledJob done = until(
                () -> jobs.get(name("twins")), job -> job.getJobStatus() == ScheduledJobStatus.completed);
        assertThat(done.getJobStatistics().getSucceededCount()).isEqualTo(1);
        assertThat(twins.get(LIVE).getTags()).containsEntry("byJob", RUN);

        DirectMethodsJobOptions echo =
                DirectMethodsJobOptions.builder().payload(Map.of("n", 1)).maxExecutionTimeSeconds(60).build();
        jobs.scheduleDirectMethod(name("methods"), one, "echo", new Date(), echo);
        until(() -> jobs.get(name("methods")), job -> job.getJobStatus() == ScheduledJobStatus.completed);
        // raw, since the SDK reads a method's outcome only from a row that also says what was called
        RawQueryResponse rows = new QueryClient(CONNECTION)
                .queryRaw("SELECT * FROM devices.jobs WHERE devices.jobs.jobId = '" + name("methods") + "'");
        assertThat(rows.next()).contains("\"deviceMethodResponse\":{\"status\":202", LIVE);

        Date later = new Date(System.currentTimeMillis() + 3_600_000);
        jobs.scheduleUpdateTwin(name("later"), one, update, later, 60);
        JobQueryResponse waiting = jobs.query(ScheduledJobType.scheduleUpdateTwin, ScheduledJobStatus.scheduled);
        assertThat(waiting.hasNext()).isTrue();
        assertThat(jobs.cancel(name("later")).getJobStatus()).isEqualTo(ScheduledJobStatus.cancelled);
    }

    @Test
    void a_configuration_reaches_the_devices_it_is_for() throws Exception {
        ConfigurationsClient configurations = new ConfigurationsClient(CONNECTION);
        Twin target = new Twin(LIVE);
        target.getTags().put("configured", RUN);
        twins.patch(target);
        Configuration wanted = new Configuration(name("config"));
        ConfigurationContent content = new ConfigurationContent();
        content.setDeviceContent(Map.of("properties.desired.mode", Map.of("level", 3)));
        wanted.setContent(content);
        wanted.setTargetCondition("tags.configured = '" + RUN + "'");
        wanted.setPriority(5);
        ConfigurationMetrics metrics = new ConfigurationMetrics();
        metrics.setQueries(Map.of("all", "SELECT deviceId FROM devices WHERE tags.configured = '" + RUN + "'"));
        wanted.setMetrics(metrics);
        configurations.create(wanted);

        Configuration applied = until(
                () -> configurations.get(name("config")),
                each -> Long.valueOf(1).equals(each.getSystemMetrics().getResults().get("appliedCount")));
        assertThat(applied.getMetrics().getResults()).containsEntry("all", 1L);
        assertThat(twins.get(LIVE).getDesiredProperties().toString()).contains("level");
        assertThat(twins.get(LIVE).getConfigurations()).containsKey(name("config"));

        applied.setPriority(6);
        assertThat(configurations.replace(applied).getPriority()).isEqualTo(6);
        assertRefused(ErrorCodeDescription.PreconditionFailed, () -> configurations.delete(applied));
        assertThat(configurations.get(20)).extracting(Configuration::getId).contains(name("config"));
        configurations.delete(name("config"));
        assertThatThrownBy(() -> configurations.get(name("config"))).isInstanceOf(IotHubException.class);
    }

    @Test
    void a_digital_twin_is_read_changed_and_called() throws Exception {
        DigitalTwinClient digitalTwins = new DigitalTwinClient(CONNECTION);
        BasicDigitalTwin twin = digitalTwins.getDigitalTwin(LIVE, BasicDigitalTwin.class);
        assertThat(twin.getId()).isEqualTo(LIVE);
        assertThat(twin.getMetadata().getModelId()).isEqualTo(MODEL);

        UpdateOperationUtility change = new UpdateOperationUtility().appendAddPropertyOperation("/target", 21.5);
        digitalTwins.updateDigitalTwin(LIVE, change.getUpdateOperations());
        assertThat(twins.get(LIVE).getDesiredProperties()).containsEntry("target", 21.5);

        DigitalTwinCommandResponse answer = digitalTwins.invokeCommand(LIVE, "echo", "{\"a\":\"1\"}");
        assertThat(answer.getStatus()).isEqualTo(202);
        assertThat(answer.getPayload(String.class)).isEqualTo("{\"a\":\"1\"}");
        assertThat(digitalTwins.invokeComponentCommand(LIVE, "room", "echo", "{\"b\":\"2\"}").getStatus())
                .isEqualTo(202);
    }

    @Test
    void the_registry_is_exported_to_the_hubs_container_and_imported_from_it() throws Exception {
        String container = env("HUBWIRE_REGISTRY_CONTAINER");
        Predicate<RegistryJob> over = job -> job.getStatus() == RegistryJob.JobStatus.COMPLETED;
        RegistryJob exported = registry.exportDevices(container, false);
        assertThat(until(() -> registry.getJob(exported.getJobId()), over).getProgress()).isEqualTo(100);

        HttpsURLConnection blob = (HttpsURLConnection)
                java.net.URI.create(container.replace("/registry?", "/registry/devices.txt?")).toURL().openConnection();
        assertThat(new String(blob.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains(LIVE);
        RegistryJob imported = registry.importDevices(container, container);
        until(() -> registry.getJob(imported.getJobId()), over);
        assertThat(registry.getDevice(LIVE).getStatus()).isEqualTo(DeviceStatus.Enabled);
    }

    @Test
    void who_lacks_the_right_is_refused() {
        RegistryClient service = new RegistryClient(env("IOTHUB_SERVICE_CONNECTION_STRING"));
        assertRefused(ErrorCodeDescription.Unauthorized, () -> service.getDevice(LIVE));
    }
}
