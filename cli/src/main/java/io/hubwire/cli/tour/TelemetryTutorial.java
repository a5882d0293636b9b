package io.hubwire.cli.tour;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.tour.Narrator.Shown;
import io.hubwire.cli.tutorial.WindSpeed;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.SendConfirmation;
import io.hubwire.mqtt.SendStatus;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.Device;
import io.hubwire.service.ServiceClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Tutorial 2: a device sends wind speeds as text and as bytes in turn; each send is confirmed with its context. */
final class TelemetryTutorial {
    private static final int READINGS = 4;

    private final Stage stage;
    private final ServiceClient service;
    private final Narrator narrator;
    private final List<Message> sent = new ArrayList<>();

    TelemetryTutorial(Stage stage, ServiceClient service, Narrator narrator) {
        this.stage = stage;
        this.service = service;
        this.narrator = narrator;
    }

    void play(Lazy<DeviceClient> client) throws InterruptedException {
        narrator.step(Step.SEND_TELEMETRY, () -> {
            DeviceClient device = client.get();
            device.connect().get(stage.patience().toMillis(), TimeUnit.MILLISECONDS);
            WindSpeed wind = new WindSpeed(stage.deviceId(), stage.random());
            List<CompletableFuture<SendConfirmation<String>>> underWay = new ArrayList<>();
            for (int i = 1; i <= READINGS; i++) {
                Message message = wind.next();
                sent.add(message);
                underWay.add(device.send(message, "reading " + i));
            }
            SendStatus meanwhile = device.sendStatus();
            ObjectNode detail = Json.object();
            ArrayNode confirmations = detail.putArray("confirmations");
            for (CompletableFuture<SendConfirmation<String>> each : underWay) {
                SendConfirmation<String> confirmation =
                        each.get(stage.patience().toMillis(), TimeUnit.MILLISECONDS);
                HubwireException failure = confirmation.failure();
                if (failure != null) {
                    throw failure;
                }
                confirmations
                        .addObject()
                        .put("context", confirmation.context())
                        .put("messageId", confirmation.message().messageId().orElse(null))
                        .put("ok", confirmation.ok());
            }
            detail.put("sendStatusMeanwhile", meanwhile.name())
                    .put("sendStatusAfter", device.sendStatus().name());
            Device seen = service.registry().blocking().get(new DeviceId(stage.deviceId()));
            detail.putObject("asTheRegistrySeesIt")
                    .put("connectionState", seen.isConnected() ? "Connected" : "Disconnected")
                    .put(
                            "lastActivityTime",
                            seen.lastActivityTime().map(Object::toString).orElse(null));
            return new Shown(
                    READINGS + " readings sent and acknowledged; send status was " + meanwhile + ", now "
                            + device.sendStatus(),
                    detail);
        });
    }

    /** What was sent, in order. */
    List<Message> sent() {
        return List.copyOf(sent);
    }
}
