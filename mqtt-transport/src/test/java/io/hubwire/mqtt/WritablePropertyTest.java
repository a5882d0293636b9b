package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The examples of the Plug and Play conventions. */
class WritablePropertyTest {
    @Test
    void finds_properties_of_the_device_and_of_its_components() {
        DesiredUpdate update = new DesiredUpdate(
                3,
                "{\"targetTemperature\":23.2,\"thermostat1\":{\"__t\":\"c\",\"targetTemperature\":20,\"gone\":null},"
                        + "\"position\":{\"x\":1}}",
                false);
        assertThat(WritableProperty.in(update))
                .containsExactly(
                        new WritableProperty(null, "targetTemperature", "23.2", 3),
                        new WritableProperty("thermostat1", "targetTemperature", "20", 3),
                        new WritableProperty("thermostat1", "gone", "null", 3),
                        new WritableProperty(null, "position", "{\"x\":1}", 3));
    }

    @Test
    void confirms_as_the_conventions_say() {
        assertThat(new WritableProperty(null, "targetTemperature", "23.2", 3).confirm(200, "complete"))
                .isEqualTo("{\"targetTemperature\":{\"value\":23.2,\"ac\":200,\"av\":3,\"ad\":\"complete\"}}");
        assertThat(new WritableProperty("thermostat1", "targetTemperature", "23.2", 3).confirm("21", 202, null))
                .isEqualTo(
                        "{\"thermostat1\":{\"__t\":\"c\",\"targetTemperature\":{\"value\":21,\"ac\":202,\"av\":3}}}");
    }

    @Test
    void reports_read_only_properties() {
        assertThat(WritableProperty.report(null, "serial", "\"abc\"")).isEqualTo("{\"serial\":\"abc\"}");
        assertThat(WritableProperty.report("info", "serial", "7")).isEqualTo("{\"info\":{\"__t\":\"c\",\"serial\":7}}");
    }

    @Test
    void commands_of_components_are_taken_apart() {
        assertThat(new MethodRequest("thermostat1*getReport", "").component()).contains("thermostat1");
        assertThat(new MethodRequest("thermostat1*getReport", "").command()).isEqualTo("getReport");
        assertThat(new MethodRequest("reboot", "").component()).isEmpty();
        assertThat(new MethodRequest("reboot", "").command()).isEqualTo("reboot");
    }
}
