package io.hubwire.localhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.SharedAccessPolicy;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of a hub that are nobody else's. */
class OwnKeysTest {
    @TempDir
    Path folder;

    @Test
    void what_is_generated_can_be_kept_and_read() throws IOException {
        OwnKeys keys = OwnKeys.generate(new SecureRandom());
        assertThat(keys.hub()).hasSize(5).extracting(SharedAccessPolicy::name).contains("iothubowner");
        assertThat(keys.dps()).hasSize(1);
        assertThat(OwnKeys.read(file(keys.json()))).isEqualTo(keys);
        assertThat(OwnKeys.generate(new SecureRandom())).isNotEqualTo(keys);
    }

    @Test
    void a_missing_a_broken_and_a_public_key_are_refused_without_showing_it() throws IOException {
        ObjectNode missing = OwnKeys.generate(new SecureRandom()).json();
        missing.remove("service");
        refused(missing, "[service]", "missing");
        ObjectNode broken = OwnKeys.generate(new SecureRandom()).json();
        broken.putObject("device").put("primaryKey", "*secret*").put("secondaryKey", "x");
        refused(broken, "[device]", "no key");
        ObjectNode known = OwnKeys.generate(new SecureRandom()).json();
        String development = SharedAccessPolicy.defaults().get(0).primaryKey().base64();
        known.putObject("iothubowner").put("primaryKey", development).put("secondaryKey", development);
        refused(known, "[iothubowner]", "public development key");
        Path noJson = Files.writeString(folder.resolve("text"), "secret");
        assertThatThrownBy(() -> OwnKeys.read(noJson))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining("secret")
                .hasMessageContaining("generate");
    }

    private void refused(ObjectNode document, String policy, String rule) throws IOException {
        Path file = file(document);
        assertThatThrownBy(() -> OwnKeys.read(file))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(policy)
                .hasMessageContaining(rule)
                .hasMessageNotContaining("*secret*");
    }

    private Path file(ObjectNode document) throws IOException {
        return Files.writeString(folder.resolve("keys.json"), Json.write(document));
    }
}
