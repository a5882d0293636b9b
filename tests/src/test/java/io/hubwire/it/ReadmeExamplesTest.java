package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.LocalHub;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.MethodResponse;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.service.MethodCall;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.ServiceOptions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Java of the README, word for word where it can be, so that it goes on compiling and working. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ReadmeExamplesTest {
    @Test
    void a_device_in_ten_lines_works_on_a_hub_in_a_test() {
        try (LocalHub hub = LocalHub.start()) { // free ports, a CA of its own, the device "device1"
            String text = hub.deviceConnectionString("device1");
            ClientOptions options = ClientOptions.builder()
                    .port(hub.mqttPort())
                    .trust(TlsTrust.pem(hub.caFile()))
                    .build();

            try (DeviceClient device = DeviceClient.of(ConnectionString.parse(text), options)) {
                device.onMethod("blink", request -> MethodResponse.ok("{\"blinked\":3}"));
                device.onMessage(c2d -> System.out.println(c2d.message().text()));
                device.blocking().connect();
                device.blocking().send(Message.of("{\"windSpeed\":12}"));
                device.blocking().report("{\"state\":\"ready\"}");

                try (ServiceClient service =
                        ServiceClient.open(ServiceOptions.of(ConnectionString.parse(hub.connectionString("service")))
                                .https(https -> https.port(hub.httpsPort()).trust(TlsTrust.pem(hub.caFile())))
                                .build())) {
                    var answer = service.methods()
                            .blocking()
                            .invoke(
                                    Identity.device("device1"),
                                    MethodCall.of("blink").build());
                    assertThat(answer.payload()).isEqualTo("{\"blinked\":3}");
                    assertThat(service.twins()
                                    .blocking()
                                    .get(Identity.device("device1"))
                                    .reported()
                                    .path("state")
                                    .asText())
                            .isEqualTo("ready");
                }
            }
        }
    }
}
