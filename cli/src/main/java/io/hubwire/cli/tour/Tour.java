package io.hubwire.cli.tour;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.cli.tour.Narrator.Shown;
import io.hubwire.dps.EnrollmentClient;
import io.hubwire.events.EventStream;
import io.hubwire.events.EventStreamOptions;
import io.hubwire.events.StartPosition;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.IfMatch;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.ServiceOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Consumer;

/** The five tutorials, one after another, on one hub. Leaves nothing behind. */
public final class Tour {
    /** How far before its own start the reader begins, since the hub's clock may be a little behind. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    private final Stage stage;
    private final Narrator narrator;

    /** @param tell hears the story line by line; give it something silent when only the report matters */
    public Tour(Stage stage, Consumer<String> tell) {
        this.stage = stage;
        this.narrator = new Narrator(stage.clock(), tell);
    }

    /** Plays everything. Failures are in the report. */
    public TourReport play() throws InterruptedException {
        SymmetricKey sensorKey = SymmetricKey.generate(new SecureRandom());
        try (ServiceClient service = service();
                Lazy<EventReader> events = new Lazy<>(this::openEvents);
                SensorTutorial sensor = new SensorTutorial(stage, service, events, narrator, sensorKey)) {
            IdentityTutorial identity = new IdentityTutorial(stage, service, narrator);
            identity.play();
            playDevice(service, events, identity);
            sensor.play();
            narrator.step(Step.CLEAN_UP, () -> cleanUp(service, sensor));
        }
        return new TourReport(stage.label(), narrator.results());
    }

    private void playDevice(ServiceClient service, Lazy<EventReader> events, IdentityTutorial identity)
            throws InterruptedException {
        TelemetryTutorial telemetry = new TelemetryTutorial(stage, service, narrator);
        C2dTutorial c2d = new C2dTutorial(stage, narrator);
        try (Lazy<DeviceClient> device = new Lazy<>(() -> {
            DeviceClient client = DeviceClient.of(identity.connectionString(), deviceOptions());
            c2d.install(client);
            return client;
        })) {
            telemetry.play(device);
            narrator.step(Step.MONITOR_EVENTS, () -> monitor(events.get(), telemetry));
            c2d.play();
        }
    }

    private Shown monitor(EventReader events, TelemetryTutorial telemetry) {
        ObjectNode detail = Json.object();
        ArrayNode read = detail.putArray("events");
        for (Message message : telemetry.sent()) {
            String id = message.messageId().orElse("");
            ObjectNode event = events.awaitMessage(stage.deviceId(), id, stage.patience());
            read.add(event);
            narrator.aside("event " + event.path("partition").asText() + "/"
                    + event.path("sequenceNumber").asText() + "  "
                    + event.path("body").asText() + "  "
                    + event.path("properties"));
        }
        return new Shown("the back end read " + read.size() + " events of " + stage.deviceId(), detail);
    }

    private Shown cleanUp(ServiceClient service, SensorTutorial sensor) {
        sensor.close();
        ObjectNode detail = Json.object();
        ArrayNode removed = detail.putArray("removed");
        for (String device : new String[] {stage.deviceId(), stage.sensorId()}) {
            if (ignoringAbsence(() -> service.registry().blocking().delete(new DeviceId(device), IfMatch.ANY))) {
                removed.add("device " + device);
            }
        }
        if (stage.dps().connection().isPresent()) {
            try (EnrollmentClient enrollments = sensor.enrollments()) {
                if (ignoringAbsence(() -> enrollments.registrations().blocking().delete(stage.sensorId()))) {
                    removed.add("registration " + stage.sensorId());
                }
                if (ignoringAbsence(() -> enrollments.individuals().blocking().delete(stage.sensorId()))) {
                    removed.add("enrollment " + stage.sensorId());
                }
            }
        }
        return new Shown("removed what the tour made: " + removed, detail);
    }

    /** Whether there was something to do. */
    private static boolean ignoringAbsence(Runnable removal) {
        try {
            removal.run();
            return true;
        } catch (HubwireException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private ServiceClient service() {
        return ServiceClient.open(ServiceOptions.of(stage.hub().connection())
                .https(https -> https.port(stage.endpoints().httpsPort())
                        .trust(stage.endpoints().trust())
                        .trace(stage.trace()))
                .build());
    }

    private EventReader openEvents() {
        StartPosition start = StartPosition.after(stage.clock().instant().minus(CLOCK_TOLERANCE));
        return new EventReader(
                EventStream.open(EventStreamOptions.of(stage.hub().connection())
                        .settings(stage.amqp())
                        .from(start)),
                stage.clock());
    }

    private ClientOptions deviceOptions() {
        return ClientOptions.builder()
                .port(stage.endpoints().mqttPort())
                .trust(stage.endpoints().trust())
                .productInfo("hubwire-tour")
                .messageTimeout(Duration.ofSeconds(20))
                .trace(stage.trace())
                .build();
    }
}
