package io.hubwire.cli.tour;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.cli.backend.IdentityText;
import io.hubwire.cli.tour.Narrator.Shown;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.Device;
import io.hubwire.service.ServiceClient;

/** Tutorial 1: the back end registers a device and looks at it. */
final class IdentityTutorial {
    private final Stage stage;
    private final ServiceClient service;
    private final Narrator narrator;

    IdentityTutorial(Stage stage, ServiceClient service, Narrator narrator) {
        this.stage = stage;
        this.service = service;
        this.narrator = narrator;
    }

    void play() throws InterruptedException {
        narrator.step(Step.CREATE_IDENTITY, () -> {
            Device made = service.registry().blocking().create(Device.of(stage.deviceId()));
            return new Shown(
                    "registered " + made.id() + "; the hub made its two keys",
                    Json.object()
                            .put("deviceId", made.id().value())
                            .put("generationId", made.generationId().orElse(null))
                            .put("etag", made.etag().orElse(null)));
        });
        boolean shown = narrator.step(Step.SHOW_IDENTITY, () -> {
            Device device = device();
            return new Shown("what the registry knows of it:", device.tree());
        });
        if (shown) {
            IdentityText.lines(device()).forEach(narrator::aside);
        }
    }

    /** What the device needs to connect. */
    ConnectionString connectionString() {
        SymmetricKey key = device().primaryKey()
                .orElseThrow(() -> new InvalidInputException("device [" + stage.deviceId() + "] has no key"));
        return ConnectionString.ofIdentity(stage.hub().host(), Identity.device(stage.deviceId()), key);
    }

    private Device device() {
        return service.registry().blocking().get(new DeviceId(stage.deviceId()));
    }
}
