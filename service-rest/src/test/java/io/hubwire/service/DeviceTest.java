package io.hubwire.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {
    private static final String KEY = "cHJpbWFyeS1rZXktMzItYnl0ZXMtbG9uZy0wMTIzNDU=";
    private static final String FULL = """
            {"deviceId":"d1","generationId":"637","etag":"MQ==","connectionState":"Connected","status":"disabled",
             "statusReason":"maintenance","connectionStateUpdatedTime":"2024-01-02T03:04:05.1234567Z",
             "statusUpdatedTime":"0001-01-01T00:00:00","lastActivityTime":null,"cloudToDeviceMessageCount":3,
             "authentication":{"symmetricKey":{"primaryKey":"%s","secondaryKey":null},"type":"sas","future":1},
             "capabilities":{"iotEdge":true,"future":2},"deviceScope":"ms-azure-iot-edge://d1-1","parentScopes":["p"],
             "future":{"x":[1.10]}}""".formatted(KEY);

    @Test
    void shows_what_the_hub_keeps() {
        Device device = Device.parse(FULL);
        assertThat(device.id().value()).isEqualTo("d1");
        assertThat(device.generationId()).contains("637");
        assertThat(device.etag()).contains("MQ==");
        assertThat(device.isConnected()).isTrue();
        assertThat(device.status()).isEqualTo(IdentityStatus.DISABLED);
        assertThat(device.statusReason()).contains("maintenance");
        assertThat(device.connectionStateUpdatedTime()).contains(Instant.parse("2024-01-02T03:04:05.1234567Z"));
        assertThat(device.statusUpdatedTime()).as("year 1 means never").isEmpty();
        assertThat(device.lastActivityTime()).isEmpty();
        assertThat(device.cloudToDeviceMessageCount()).isEqualTo(3);
        assertThat(device.primaryKey().orElseThrow().base64()).isEqualTo(KEY);
        assertThat(device.isEdge()).isTrue();
        assertThat(device.deviceScope()).contains("ms-azure-iot-edge://d1-1");
        assertThat(device.parentScopes()).containsExactly("p");
    }

    @Test
    void what_this_version_does_not_know_survives_a_change() {
        Device changed = Device.parse(FULL).toBuilder()
                .status(IdentityStatus.ENABLED, "back")
                .build();
        assertThat(changed.tree().path("future")).isEqualTo(Json.parse("x", "{\"x\":[1.10]}"));
        assertThat(changed.tree().path("capabilities").path("future").intValue())
                .isEqualTo(2);
        assertThat(changed.tree().path("authentication").path("future").intValue())
                .isEqualTo(1);
        assertThat(changed.status()).isEqualTo(IdentityStatus.ENABLED);
    }

    @Test
    void neither_device_nor_authentication_shows_a_key() {
        Device device = Device.parse(FULL);
        assertThat(device.toString()).doesNotContain(KEY).contains("d1");
        assertThat(device.authentication().toString()).doesNotContain(KEY);
        assertThat(BulkEntry.create(device).toString()).doesNotContain(KEY);
    }

    @Test
    void handing_out_a_tree_hands_out_a_copy() {
        Device device = Device.of("d1");
        device.tree().put("deviceId", "d2");
        assertThat(device.id().value()).isEqualTo("d1");
        assertThat(device).isEqualTo(Device.of("d1")).hasSameHashCodeAs(Device.of("d1"));
    }

    @Test
    void an_unknown_member_can_be_set() {
        assertThat(Device.builder("d1")
                        .member("new", IntNode.valueOf(1))
                        .build()
                        .json())
                .isEqualTo("{\"deviceId\":\"d1\",\"new\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ä", "a/b"})
    void an_illegal_id_is_refused_before_the_network(String id) {
        assertThatThrownBy(() -> Device.of(id)).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAA", "not base64 at all!!", ""})
    void a_key_must_be_base64_of_16_to_64_bytes(String key) {
        assertThatThrownBy(() -> Authentication.keys(key, KEY))
                .isInstanceOf(InvalidInputException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("not base64 at all"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AB", "zz00000000000000000000000000000000000000", "AA:BB"})
    void a_thumbprint_must_be_40_or_64_hex_digits(String thumbprint) {
        assertThatThrownBy(() -> Authentication.thumbprint(thumbprint)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void a_status_reason_has_at_most_128_characters() {
        Device.Builder device = Device.builder("d1").status(IdentityStatus.ENABLED, "x".repeat(128));
        assertThat(device.build().statusReason()).isPresent();
        assertThatThrownBy(() -> device.status(IdentityStatus.ENABLED, "x".repeat(129)))
                .isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"twin", "device", "module"})
    void an_illegal_id_in_an_answer_is_the_hubs_mistake_and_not_the_callers(String what) {
        String document = "{\"deviceId\":\"d 1\",\"moduleId\":\"m\"}";
        assertThatThrownBy(() -> {
                    switch (what) {
                        case "twin" -> Twin.parse(document);
                        case "device" -> Device.parse(document);
                        default -> Module.parse(document);
                    }
                })
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContaining("[deviceId]")
                .hasMessageContaining("[d 1]");
    }

    @Test
    void members_of_the_wrong_kind_are_named() {
        Device odd = Device.parse("{\"deviceId\":\"d\",\"status\":7,\"cloudToDeviceMessageCount\":\"3\","
                + "\"lastActivityTime\":\"yesterday\",\"parentScopes\":\"p\",\"capabilities\":[]}");
        for (var read : List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                odd::status, odd::cloudToDeviceMessageCount, odd::lastActivityTime, odd::parentScopes, odd::isEdge)) {
            assertThatThrownBy(read).isInstanceOf(RemoteProtocolException.class).hasMessageContaining("member [");
        }
        assertThatThrownBy(() -> Device.parse("{}")).hasMessageContaining("[deviceId]");
        assertThatThrownBy(() -> Device.parse("[]")).isInstanceOf(RemoteProtocolException.class);
    }

    @Test
    void each_way_to_authenticate_reads_as_it_was_written() {
        List<Authentication> ways = List.of(
                Authentication.keys(KEY, KEY),
                new Authentication.SelfSigned("a".repeat(40), "B".repeat(64)),
                Authentication.thumbprint("a".repeat(64)),
                Authentication.certificateAuthority(),
                new Authentication.None(),
                new Authentication.Unknown("tpm2"),
                Authentication.generatedKeys());
        assertThat(ways).allSatisfy(way -> assertThat(
                        Device.builder("d").authentication(way).build().authentication())
                .isEqualTo(way));
    }
}
