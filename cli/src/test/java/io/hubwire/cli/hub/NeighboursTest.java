package io.hubwire.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.protocol.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Who else belongs to a hub. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class NeighboursTest {
    @TempDir
    static Path folder;

    private static LocalHub hub;

    @BeforeAll
    static void start() {
        hub = LocalHub.start(options().build());
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void a_linked_hub_has_the_same_authority_and_lets_the_same_devices_in() {
        List<LocalHub> others = given("--linked-hub", "east.example", "--device-ca", "root=" + hub.caFile())
                .settle(hub, NeighboursTest::options);
        try (LocalHub east = others.get(0)) {
            assertThat(others).hasSize(1);
            assertThat(east.host()).isEqualTo("east.example");
            assertThat(east.caFile()).hasSameTextualContentAs(hub.caFile());
            assertThat(hub.engine().authorities().find("root")).isPresent();
            assertThat(east.engine().authorities().find("root")).isPresent();
        } finally {
            hub.engine().authorities().remove("root");
        }
    }

    @Test
    void a_name_that_is_taken_and_a_file_without_a_certificate_are_refused() throws IOException {
        assertThatThrownBy(() -> given("--linked-hub", "twice.example", "--linked-hub", "twice.example")
                        .settle(hub, NeighboursTest::options))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[twice.example]");
        Path text = Files.writeString(folder.resolve("no.pem"), "no certificate");
        assertThatThrownBy(() -> given("--device-ca", "x=" + text).settle(hub, NeighboursTest::options))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no.pem");
    }

    private static Neighbours given(String... arguments) {
        return CommandLine.populateCommand(new Neighbours(), arguments);
    }

    private static LocalHubOptions.Builder options() {
        return LocalHubOptions.builder().caFolder(folder.resolve("ca"));
    }
}
