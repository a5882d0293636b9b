package io.hubwire.localhub.engine.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class ContinuationFuzzTest {
    private static final String QUERY = "SELECT * FROM devices";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** As it comes, and as what its base64 would hide. */
    @MethodSource("tokens")
    @FuzzTest(maxDuration = "1m")
    void any_token_is_a_page_of_this_query_or_refused(byte[] utf8) {
        for (String token :
                new String[] {new String(utf8, UTF_8), Base64.getUrlEncoder().encodeToString(utf8)}) {
            try {
                Continuation read = Continuation.read(token, QUERY, NOW);
                assertThat(Continuation.read(read.token(), QUERY, NOW)).isEqualTo(read);
            } catch (HubException refused) {
                assertThat(refused.error()).isEqualTo(HubError.ARGUMENT_INVALID);
            }
        }
    }

    static Stream<byte[]> tokens() {
        String good = new Continuation(QUERY, "dev1", 7, NOW.plusSeconds(60)).token();
        String hash = Integer.toHexString(QUERY.hashCode());
        return Stream.of(
                        good,
                        new String(Base64.getUrlDecoder().decode(good), UTF_8),
                        new Continuation("another", null, 0, NOW).token(),
                        "{\"q\":\"" + hash + "\",\"a\":null,\"n\":-1,\"e\":9223372036854775807}",
                        "{\"q\":\"" + hash + "\",\"a\":[],\"n\":1,\"e\":1e400}",
                        "")
                .map(text -> text.getBytes(UTF_8));
    }
}
