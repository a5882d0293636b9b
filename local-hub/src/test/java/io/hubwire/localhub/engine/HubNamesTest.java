package io.hubwire.localhub.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubNamesTest {
    @ParameterizedTest
    @CsvSource({
        "localhost, 127.0.0.1, 127.0.0.1",
        "localhost, localhost, localhost",
        "localhost, evil.example, localhost",
        "west.example, localhost, west.example",
        "west.example, west.example, west.example"
    })
    void tells_a_device_the_loopback_name_that_worked_unless_the_hub_has_a_name_of_its_own(
            String own, String asked, String told) {
        HubNames names = new HubNames(List.of(own, "localhost", "127.0.0.1"), "events", "0ne00000001");
        assertThat(names.toldTo(asked)).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource({
        "contoso.azure-devices.net, contoso",
        "3dprinters.example, 3dprinters",
        "localhost, localhost",
        "127.0.0.1, 127.0.0.1",
        "::ffff:127.0.0.1, ::ffff:127.0.0.1",
    })
    void is_called_by_the_first_label_of_its_host_or_by_its_address(String host, String name) {
        assertThat(new HubNames(List.of(host), "events", "0ne00111111").hubName())
                .isEqualTo(name);
    }
}
