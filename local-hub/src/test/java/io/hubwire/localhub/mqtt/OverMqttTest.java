package io.hubwire.localhub.mqtt;

import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.TestDevices;
import io.hubwire.protocol.Identity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A hub for all tests of a class, and a new device for each. */
@Timeout(60)
abstract class OverMqttTest {
    static LocalHub hub;

    Identity identity = Identity.device("device1");

    @BeforeAll
    static void startHub() {
        hub = LocalHub.start();
    }

    @AfterAll
    static void stopHub() {
        hub.close();
    }

    @BeforeEach
    void createDevice() {
        identity = TestDevices.create(hub);
    }

    /** The device, connected. */
    PahoDevice connected() throws Exception {
        PahoDevice device = PahoDevice.of(hub, identity);
        device.connect();
        return device;
    }
}
