package io.hubwire.cli.tour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.cli.connect.Targets.DpsTarget;
import io.hubwire.cli.tour.Narrator.Shown;
import io.hubwire.cli.tutorial.EnvironmentalSensor;
import io.hubwire.dps.Assignment;
import io.hubwire.dps.Attestation;
import io.hubwire.dps.AttestationMechanism;
import io.hubwire.dps.EnrollmentClient;
import io.hubwire.dps.EnrollmentOptions;
import io.hubwire.dps.IndividualEnrollment;
import io.hubwire.dps.ProvisioningClient;
import io.hubwire.dps.ProvisioningOptions;
import io.hubwire.dps.RegistrationState;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.IfMatch;
import io.hubwire.service.MethodCall;
import io.hubwire.service.MethodResult;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.Twin;
import io.hubwire.service.TwinUpdate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tutorial 5: a sensor finds its hub by DPS, reports what it is, obeys commands and confirms writable properties. */
final class SensorTutorial implements AutoCloseable {
    private static final String MODEL = "dtmi:hubwire:EnvironmentalSensor;1";

    private final Stage stage;
    private final ServiceClient service;
    private final Lazy<EventReader> events;
    private final Narrator narrator;
    private final Poll poll;
    private final SymmetricKey key;
    private final Identity identity;
    private @Nullable Assignment assignment;
    private @Nullable DeviceClient device;
    private @Nullable EnvironmentalSensor sensor;

    SensorTutorial(Stage stage, ServiceClient service, Lazy<EventReader> events, Narrator narrator, SymmetricKey key) {
        this.stage = stage;
        this.service = service;
        this.events = events;
        this.narrator = narrator;
        this.poll = new Poll(stage.clock());
        this.key = key;
        this.identity = Identity.device(stage.sensorId());
    }

    void play() throws InterruptedException {
        narrator.step(Step.DPS_ENROLL, this::enroll);
        narrator.step(Step.DPS_REGISTER, this::register);
        narrator.step(Step.SEND_PROVISIONED_TELEMETRY, this::sendTelemetry);
        narrator.step(Step.REPORT_STARTUP_PROPERTIES, this::reportStartUp);
        narrator.step(Step.COMMAND_BLINK, () -> command("blink", "{\"interval\":1000}"));
        narrator.step(Step.COMMAND_RUNDIAGNOSTICS, this::runDiagnostics);
        narrator.step(Step.COMMAND_TURNON, () -> turn("turnon", true));
        narrator.step(Step.COMMAND_TURNOFF, () -> turn("turnoff", false));
        narrator.step(Step.DESIRED_NAME, () -> desired("name", Json.parse("name", "\"greenhouse\"")));
        narrator.step(Step.DESIRED_BRIGHTNESS, () -> desired("brightness", Json.parse("brightness", "40")));
    }

    private Shown enroll() {
        try (EnrollmentClient enrollments = enrollments()) {
            IndividualEnrollment made = enrollments
                    .individuals()
                    .blocking()
                    .create(IndividualEnrollment.of(stage.sensorId(), new AttestationMechanism.SymmetricKeys(key, key))
                            .build());
            IndividualEnrollment read = enrollments.individuals().blocking().get(made.id());
            return new Shown(
                    "an enrollment with a symmetric key stands in DPS: " + read.id(),
                    Json.object()
                            .put("registrationId", read.id())
                            .put("etag", read.etag().orElse(null)));
        }
    }

    private Shown register() {
        DpsTarget dps = stage.dps();
        String scope = dps.idScope()
                .orElseThrow(() -> new InvalidInputException("no id scope is known; give DPS_ID_SCOPE with --dps"));
        ProvisioningOptions options = ProvisioningOptions.of(scope, Attestation.ofKey(stage.sensorId(), key))
                .host(dps.host())
                .https(https -> https.port(dps.endpoints().httpsPort())
                        .trust(dps.endpoints().trust())
                        .trace(stage.trace()))
                .build();
        try (ProvisioningClient client = ProvisioningClient.open(options);
                EnrollmentClient enrollments = enrollments()) {
            Assignment assigned =
                    client.blocking().register(Json.write(Json.object().put("modelId", MODEL)));
            assignment = assigned;
            RegistrationState seen = enrollments.registrations().blocking().get(stage.sensorId());
            ObjectNode detail =
                    Json.object().put("assignedHub", assigned.hubHostName()).put("deviceId", assigned.deviceId());
            detail.putObject("asDpsSeesIt")
                    .put("registrationId", seen.registrationId())
                    .put("status", seen.statusText())
                    .put("substatus", seen.substatus())
                    .put("assignedHub", seen.assignedHub())
                    .put("deviceId", seen.deviceId());
            return new Shown("DPS assigned " + assigned.deviceId() + " to the hub " + assigned.hubHostName(), detail);
        }
    }

    private Shown sendTelemetry() throws Exception {
        Assignment assigned = required(assignment);
        ConnectionString connection =
                ConnectionString.ofIdentity(assigned.hubHostName(), Identity.device(assigned.deviceId()), key);
        DeviceClient client = DeviceClient.of(
                connection,
                ClientOptions.builder()
                        .port(stage.endpoints().mqttPort())
                        .trust(stage.endpoints().trust())
                        .trace(stage.trace())
                        .modelId(MODEL)
                        .build());
        device = client;
        EnvironmentalSensor installed = new EnvironmentalSensor(client, stage.timer(), stage.random(), narrator::aside);
        installed.install();
        sensor = installed;
        client.connect().get(stage.patience().toMillis(), TimeUnit.MILLISECONDS);
        Message reading = installed.reading();
        client.send(reading).get(stage.patience().toMillis(), TimeUnit.MILLISECONDS);
        ObjectNode event = events.get().awaitBody(assigned.deviceId(), reading.text(), stage.patience());
        return new Shown("connected to the assigned hub and sent " + reading.text(), event);
    }

    private Shown reportStartUp() throws Exception {
        long version = required(sensor).reportStartUp().get(stage.patience().toMillis(), TimeUnit.MILLISECONDS);
        ObjectNode reported = awaitReported("the start-up properties", r -> r.hasNonNull("swVersion"));
        return new Shown("reported state, processorArchitecture and swVersion, version " + version, reported);
    }

    private Shown command(String name, String payload) {
        MethodResult result = invoke(name, payload);
        return new Shown("the back end called " + name + ": " + result.status() + " " + result.payload(), json(result));
    }

    private Shown runDiagnostics() throws InterruptedException {
        MethodResult result = invoke("rundiagnostics", "null");
        ObjectNode reported = awaitReported(
                "the result of the diagnosis", r -> r.path("rundiagnostics").hasNonNull("value"));
        ObjectNode detail = json(result);
        detail.set("reportedLater", reported.get("rundiagnostics"));
        return new Shown(
                "answered " + result.status() + " at once; reported later: " + reported.path("rundiagnostics"), detail);
    }

    private Shown turn(String name, boolean on) throws InterruptedException {
        MethodResult result = invoke(name, "null");
        ObjectNode reported = awaitReported("state " + on, r -> r.path("state").asBoolean(!on) == on);
        ObjectNode detail = json(result);
        detail.set("reportedState", reported.get("state"));
        return new Shown("the back end called " + name + ": " + result.status() + ", state is " + on, detail);
    }

    private Shown desired(String name, JsonNode value) throws InterruptedException {
        ObjectNode patch = Json.object();
        patch.set(name, value);
        long version = service.twins()
                .blocking()
                .patch(identity, TwinUpdate.nothing().withDesired(patch), IfMatch.ANY)
                .desiredVersion();
        ObjectNode reported = awaitReported(
                "the confirmation of " + name, r -> r.path(name).path("av").asLong(-1) == version);
        JsonNode confirmation = reported.get(name);
        if (!confirmation.path("value").equals(value) || confirmation.path("ac").asInt() != 200) {
            throw new IllegalStateException("the device confirmed " + confirmation + " for " + name + " = " + value);
        }
        ObjectNode detail = Json.object().put("desiredVersion", version);
        detail.set("reported", confirmation);
        return new Shown("the back end wants " + name + " = " + value + "; confirmed as " + confirmation, detail);
    }

    private ObjectNode awaitReported(String what, java.util.function.Predicate<ObjectNode> there)
            throws InterruptedException {
        return poll.until(what, stage.patience(), () -> {
            Twin twin = service.twins().blocking().get(identity);
            ObjectNode reported = twin.reported();
            return there.test(reported) ? Optional.of(reported) : Optional.empty();
        });
    }

    private MethodResult invoke(String name, String payload) {
        return service.methods()
                .blocking()
                .invoke(identity, MethodCall.of(name).payload(payload).build());
    }

    private static ObjectNode json(MethodResult result) {
        ObjectNode detail = Json.object().put("status", result.status());
        detail.set("payload", result.tree());
        return detail;
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("an earlier step of the tour has not run");
        }
        return value;
    }

    EnrollmentClient enrollments() {
        DpsTarget dps = stage.dps();
        ConnectionString connection = dps.connection()
                .orElseThrow(() -> new InvalidInputException(
                        "no DPS service connection string is known; give --dps or DPS_CONNECTION_STRING"));
        return EnrollmentClient.open(EnrollmentOptions.of(connection)
                .https(https -> https.port(dps.endpoints().httpsPort())
                        .trust(dps.endpoints().trust())
                        .trace(stage.trace()))
                .build());
    }

    @Override
    public void close() {
        DeviceClient open = device;
        if (open != null) {
            open.close();
        }
    }
}
