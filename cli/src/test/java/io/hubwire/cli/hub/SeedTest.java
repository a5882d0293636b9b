package io.hubwire.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.engine.Provisioning;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a hub begins with. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SeedTest {
    @TempDir
    Path folder;

    @Test
    void a_hub_begins_with_the_devices_modules_twins_and_enrollments_of_its_seed() throws IOException {
        Path file = Files.writeString(folder.resolve("seed.jsonl"), """
                {"id":"seed-1","tags":{"floor":2},"properties":{"desired":{"fan":3}}}
                {"id":"seed-1","moduleId":"m"}
                {"id":"device1","tags":{"known":true}}
                {"registrationId":"r1","attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":"","secondaryKey":""}}}
                """);
        try (LocalHub hub = LocalHub.start()) {
            assertThat(new Seed(file).sow(hub).text()).isEqualTo("2 devices, 1 modules, 1 enrollments");
            assertThat(new Seed(file).sow(hub).failed())
                    .as("again, over what is there")
                    .isZero();
            assertThat(hub.engine()
                            .twins()
                            .get(Identity.device("seed-1"))
                            .at("/properties/desired/fan")
                            .asInt())
                    .isEqualTo(3);
            assertThat(hub.engine()
                            .twins()
                            .get(Identity.device("device1"))
                            .at("/tags/known")
                            .asBoolean())
                    .isTrue();
            assertThat(hub.engine().registry().get(Identity.module("seed-1", "m")))
                    .isNotEmpty();
            assertThat(hub.engine().provisioning().getEnrollment(Provisioning.Kind.INDIVIDUAL, "r1"))
                    .isNotEmpty();
        }
    }

    @Test
    void a_bad_line_refuses_the_start_and_names_file_line_and_rule() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.jsonl"), "{\"id\":\"ok\"}\n{\"id\":\"a b\"}\n");
        try (LocalHub hub = LocalHub.start()) {
            assertThatThrownBy(() -> new Seed(file).sow(hub))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("bad.jsonl")
                    .hasMessageContaining("line 2")
                    .hasMessageContaining("position 2");
            assertThatThrownBy(() -> new Seed(folder.resolve("none")).sow(hub))
                    .isInstanceOf(HubwireException.class)
                    .hasMessageContaining("does not exist");
        }
    }
}
