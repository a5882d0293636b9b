package io.hubwire.localhub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class OwnKeysFuzzTest {
    @MethodSource("files")
    @FuzzTest(maxDuration = "1m")
    void any_file_has_own_keys_or_is_refused_without_showing_one(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("hubwire-own-keys", ".json");
        try {
            Files.write(file, bytes);
            OwnKeys keys = OwnKeys.read(file);
            Files.writeString(file, Json.write(keys.json()));
            assertThat(OwnKeys.read(file)).isEqualTo(keys);
        } catch (InvalidInputException refused) {
            assertThat(refused).hasMessageStartingWith("own keys [").hasMessageNotContaining("\n");
        } catch (TransportException notUtf8) {
            assertThat(notUtf8.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
        } finally {
            Files.delete(file);
        }
    }

    static Stream<byte[]> files() {
        String whole = Json.write(OwnKeys.generate(new SecureRandom()).json());
        return Stream.of(
                        whole,
                        whole.replace("primaryKey", "primarykey"),
                        "{\"iothubowner\":{\"primaryKey\":\"x\"}}",
                        "[]",
                        "")
                .map(text -> text.getBytes(UTF_8));
    }
}
