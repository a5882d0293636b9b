package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.cli.tour.Step;
import io.hubwire.cli.tour.StepResult;
import io.hubwire.cli.tour.Tour;
import io.hubwire.cli.tour.TourReport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The product's main job on real input; each tutorial is judged by what the other side saw. */
@Tag("any-hub")
@NeedsHub(dps = true)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TourTest {
    private static final List<String> story = new ArrayList<>();
    private static TourReport report;

    @BeforeAll
    static void play() throws Exception {
        try (TestStage stage = TestStage.open()) {
            report = new Tour(stage.stage(), story::add).play();
        }
    }

    @Test
    void plays_all_steps_in_order_and_each_is_done() {
        assertThat(report.steps()).extracting(StepResult::step).containsExactly(Step.values());
        assertThat(report.steps()).as(String.join("\n", story)).allMatch(StepResult::ok);
        assertThat(report.json().path("ok").asBoolean()).isTrue();
        assertThat(report.json().path("steps")).hasSize(18);
    }

    @Test
    void tutorial_1_shows_the_identity_the_registry_keeps() {
        JsonNode device = detail(Step.SHOW_IDENTITY);
        assertThat(device.path("deviceId").asText()).isNotEmpty();
        assertThat(device.at("/authentication/type").asText()).isEqualTo("sas");
        String primary = device.at("/authentication/symmetricKey/primaryKey").asText();
        String secondary =
                device.at("/authentication/symmetricKey/secondaryKey").asText();
        assertThat(primary).hasSize(44).isNotEqualTo(secondary);
        assertThat(device.path("connectionState").asText()).isEqualTo("Disconnected");
        assertThat(device.path("status").asText()).isEqualTo("enabled");
        assertThat(device.path("cloudToDeviceMessageCount").asInt(-1)).isZero();
        assertThat(device.at("/capabilities/iotEdge").isBoolean()).isTrue();
        assertThat(String.join("\n", story))
                .contains("primary key", "secondary key", "connection state", "last activity", "C2D messages", "edge");
    }

    @Test
    void tutorial_2_confirms_each_reading_with_its_context() {
        JsonNode detail = detail(Step.SEND_TELEMETRY);
        assertThat(detail.path("confirmations")).hasSize(4);
        for (JsonNode confirmation : detail.path("confirmations")) {
            assertThat(confirmation.path("ok").asBoolean()).isTrue();
            assertThat(confirmation.path("context").asText()).startsWith("reading ");
        }
        assertThat(detail.path("sendStatusAfter").asText()).isEqualTo("IDLE");
    }

    @Test
    void tutorial_3_reads_each_reading_with_its_system_and_application_properties() {
        JsonNode events = detail(Step.MONITOR_EVENTS).path("events");
        assertThat(events).hasSize(4);
        Set<String> sent = new HashSet<>();
        detail(Step.SEND_TELEMETRY)
                .path("confirmations")
                .forEach(c -> sent.add(c.path("messageId").asText()));
        Set<String> partitions = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            JsonNode event = events.get(i);
            partitions.add(event.path("partition").asText());
            assertThat(sent).contains(event.at("/system/message-id").asText());
            assertThat(event.at("/system/correlation-id").asText()).isEqualTo("reading-" + (i + 1));
            assertThat(event.at("/system/iothub-connection-device-id").asText())
                    .isEqualTo(event.path("deviceId").asText());
            assertThat(event.at("/properties/windAlert").asText()).isIn("true", "false");
            assertThat(event.path("body").asText()).contains("windSpeed");
            boolean asText = i % 2 == 0;
            assertThat(event.at("/system/content-type").isMissingNode()).isEqualTo(!asText);
        }
        assertThat(partitions).as("all events of a device lie in one partition").hasSize(1);
    }

    @Test
    void tutorial_4_delivers_with_properties_and_reports_success_for_each() {
        JsonNode seen = detail(Step.RECEIVE_C2D).path("asTheDeviceSawThem");
        assertThat(seen).hasSize(3);
        assertThat(seen.get(0).path("body").asText()).isEqualTo("switch the light on");
        assertThat(seen.get(1).at("/properties/room").asText()).isEqualTo("greenhouse");
        assertThat(seen.get(2).path("count").asInt()).isEqualTo(3);
        JsonNode records = detail(Step.C2D_FEEDBACK).path("records");
        assertThat(records)
                .hasSize(3)
                .allMatch(r -> r.path("statusCode").asText().equals("Success"));
    }

    @Test
    void tutorial_5_provisions_commands_and_confirms() {
        assertThat(detail(Step.DPS_REGISTER).at("/asDpsSeesIt/status").asText()).isEqualTo("assigned");
        assertThat(detail(Step.SEND_PROVISIONED_TELEMETRY).path("body").asText())
                .contains("temp", "humid");
        JsonNode reported = detail(Step.REPORT_STARTUP_PROPERTIES);
        assertThat(reported.path("state").asBoolean()).isTrue();
        assertThat(reported.path("processorArchitecture").asText()).isNotEmpty();
        assertThat(reported.path("swVersion").asText()).isNotEmpty();
        assertThat(detail(Step.COMMAND_BLINK).path("status").asInt()).isEqualTo(200);
        assertThat(detail(Step.COMMAND_BLINK).at("/payload/description").asText())
                .isNotEmpty();
        assertThat(detail(Step.COMMAND_RUNDIAGNOSTICS).path("status").asInt()).isEqualTo(202);
        assertThat(detail(Step.COMMAND_RUNDIAGNOSTICS)
                        .at("/reportedLater/value")
                        .asText())
                .isNotEmpty();
        assertThat(detail(Step.COMMAND_TURNON).path("reportedState").asBoolean())
                .isTrue();
        assertThat(detail(Step.COMMAND_TURNOFF).path("reportedState").asBoolean(true))
                .isFalse();
        JsonNode name = detail(Step.DESIRED_NAME);
        assertThat(name.at("/reported/value").asText()).isEqualTo("greenhouse");
        assertThat(name.at("/reported/ac").asInt()).isEqualTo(200);
        assertThat(name.at("/reported/av").asLong())
                .isEqualTo(name.path("desiredVersion").asLong());
        JsonNode brightness = detail(Step.DESIRED_BRIGHTNESS);
        assertThat(brightness.at("/reported/value").asInt()).isEqualTo(40);
        assertThat(brightness.at("/reported/ad").asText()).isNotEmpty();
    }

    @Test
    void leaves_nothing_behind() {
        assertThat(detail(Step.CLEAN_UP).path("removed")).hasSize(4);
    }

    private static JsonNode detail(Step step) {
        return report.steps().stream()
                .filter(result -> result.step() == step)
                .findFirst()
                .orElseThrow()
                .detail();
    }
}
