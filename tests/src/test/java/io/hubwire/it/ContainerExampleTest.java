package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TlsTrust;
import io.hubwire.container.HubwireContainer;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.MethodResponse;
import io.hubwire.protocol.Identity;
import io.hubwire.service.Device;
import io.hubwire.service.MethodCall;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.ServiceOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The example of docs/container.md, word for word but for the image. */
@Tag("container")
@NeedsHub
@Timeout(180)
class ContainerExampleTest {
    @RegisterExtension
    static final HubwireContainer hub = TestStage.container();

    @Test
    void a_lamp_can_be_switched_on() {
        TlsTrust trust = TlsTrust.pem(hub.caFile());
        ConnectionString owner = ConnectionString.parse(hub.connectionString("iothubowner"));
        Identity lamp = Identity.device("lamp");
        try (ServiceClient service = ServiceClient.open(ServiceOptions.of(owner)
                .https(https -> https.port(hub.httpsPort()).trust(trust))
                .build())) {
            Device made = service.registry().blocking().create(Device.of("lamp"));
            ConnectionString text = ConnectionString.ofIdentity(
                    hub.host(), lamp, made.primaryKey().orElseThrow());
            ClientOptions options =
                    ClientOptions.builder().port(hub.mqttPort()).trust(trust).build();
            try (DeviceClient device = DeviceClient.of(text, options)) {
                device.onMethod("on", request -> MethodResponse.ok("{\"lit\":true}"));
                device.blocking().connect();

                var answer = service.methods()
                        .blocking()
                        .invoke(lamp, MethodCall.of("on").build());
                assertThat(answer.payload()).isEqualTo("{\"lit\":true}");
            }
        }
    }
}
