package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.PahoDevice.Received;
import io.hubwire.localhub.engine.DirectMethods.Call;
import io.hubwire.localhub.engine.DirectMethods.Result;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MethodsOverMqttTest extends OverMqttTest {
    private static final String METHODS = "$iothub/methods/POST/#";

    @Test
    void carries_a_call_and_its_answer() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(METHODS, 1);
            CompletableFuture<Result> result = invoke("component*reboot", "{\"in\":5}", Duration.ZERO);
            Received call = device.next();
            assertThat(call.topic()).isEqualTo("$iothub/methods/POST/component*reboot/?$rid=1");
            assertThat(call.body()).isEqualTo("{\"in\":5}");
            assertThat(call.qos()).isZero();
            device.send("$iothub/methods/res/202/?$rid=1", "{\"ok\":true}", 0);
            assertThat(result.get(10, TimeUnit.SECONDS).status()).isEqualTo(202);
            assertThat(text(result.get())).isEqualTo("{\"ok\":true}");
        }
    }

    @Test
    void counts_request_ids_in_hex() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(METHODS, 0);
            for (int i = 1; i <= 17; i++) {
                invoke("m", "", Duration.ZERO);
                assertThat(device.next().topic()).endsWith("/?$rid=" + Integer.toHexString(i));
            }
        }
    }

    @Test
    void calls_a_device_the_moment_its_suback_has_arrived() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (PahoDevice device = PahoDevice.of(hub, identity).cleanSession(true)) {
                device.connect();
                device.subscribe(METHODS, 1);
                CompletableFuture<Result> result = invoke("m", "", Duration.ZERO);
                device.next();
                device.publish("$iothub/methods/res/200/?$rid=1", "");
                assertThat(result.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void a_device_without_the_subscription_is_not_online_for_methods() throws Exception {
        try (PahoDevice device = connected()) {
            assertThat(device.isConnected()).isTrue();
            assertRefused(invoke("m", "", Duration.ZERO), HubError.DEVICE_NOT_ONLINE);
        }
    }

    @Test
    void after_unsubscribing_it_is_offline_for_methods() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(METHODS, 1);
            device.unsubscribe(METHODS);
            assertRefused(invoke("m", "", Duration.ZERO), HubError.DEVICE_NOT_ONLINE);
        }
    }

    @Test
    void a_call_waits_for_the_device_to_come() throws Exception {
        CompletableFuture<Result> result = invoke("m", "1", Duration.ofSeconds(30));
        try (PahoDevice device = connected()) {
            device.subscribe(METHODS, 1);
            assertThat(device.next().body()).isEqualTo("1");
            device.publish("$iothub/methods/res/200/?$rid=1", "2");
            assertThat(text(result.get(10, TimeUnit.SECONDS))).isEqualTo("2");
        }
    }

    @Test
    void the_subscription_of_a_stored_session_counts_at_once() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(METHODS, 1);
            device.disconnect();
        }
        try (PahoDevice device = connected()) {
            CompletableFuture<Result> result = invoke("m", "", Duration.ZERO);
            device.next();
            device.publish("$iothub/methods/res/200/?$rid=1", "");
            assertThat(result.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }

    @Test
    void an_answer_to_nothing_is_ignored() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(METHODS, 1);
            device.publish("$iothub/methods/res/200/?$rid=77", "{}");
            assertThat(device.isConnected()).isTrue();
        }
    }

    @Test
    void an_answer_that_is_not_json_is_the_callers_bad_gateway() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(METHODS, 1);
            CompletableFuture<Result> result = invoke("m", "", Duration.ZERO);
            device.next();
            device.publish("$iothub/methods/res/200/?$rid=1", "not json");
            assertRefused(result, HubError.GENERIC_BAD_GATEWAY);
        }
    }

    @Test
    void a_call_overtakes_messages_that_are_not_acknowledged() throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, identity).manualAcks()) {
            device.connect();
            device.subscribe("devices/" + identity + "/messages/devicebound/#", 1);
            device.subscribe(METHODS, 1);
            hub.engine().c2d().enqueue(identity, Message.of("held"));
            assertThat(device.next().body()).isEqualTo("held");
            invoke("m", "\"through\"", Duration.ZERO);
            assertThat(device.next().body()).isEqualTo("\"through\"");
        }
    }

    private CompletableFuture<Result> invoke(String name, String payload, Duration connectTimeout) {
        return hub.engine()
                .methods()
                .invoke(
                        identity,
                        new Call(
                                name,
                                payload.getBytes(StandardCharsets.UTF_8),
                                Duration.ofSeconds(30),
                                connectTimeout));
    }

    private static void assertRefused(CompletableFuture<Result> result, HubError error) {
        assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    private static String text(Result result) {
        return new String(result.payload(), StandardCharsets.UTF_8);
    }
}
