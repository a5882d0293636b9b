package io.hubwire.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.vectors.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class CredentialFuzzTest {
    private static final SymmetricKey KEY = SymmetricKey.ofBytes("a key nobody else has".getBytes(UTF_8));

    @MethodSource("connectionStrings")
    @FuzzTest(maxDuration = "1m")
    void connection_strings(byte[] utf8) {
        String text = new String(utf8, UTF_8);
        read(text, ConnectionString::parse).ifPresent(read -> {
            assertThat(ConnectionString.parse(read.text())).isEqualTo(read);
            read.key().ifPresent(key -> assertThat(read.toString()).doesNotContain(key.base64()));
        });
        read(text, EventHubConnectionString::parse).ifPresent(read -> {
            assertThat(EventHubConnectionString.parse(read.text()).text()).isEqualTo(read.text());
            read.key().ifPresent(key -> assertThat(read.toString()).doesNotContain(key.base64()));
        });
    }

    @MethodSource("tokens")
    @FuzzTest(maxDuration = "1m")
    void tokens(byte[] utf8) {
        read(new String(utf8, UTF_8), SasToken::parse).ifPresent(read -> {
            assertThat(SasToken.parse(read.text())).isEqualTo(read);
            assertThat(read.isSignedBy(KEY)).isFalse(); // nobody guesses an HMAC
            if (!read.audience().isEmpty() && !read.expiry().isBefore(Instant.EPOCH)) {
                SasToken mine = SasToken.sign(
                        read.audience(), KEY, read.expiry(), read.policy().orElse(null));
                SasToken again = SasToken.parse(mine.text());
                assertThat(again.isSignedBy(KEY)).isTrue();
                assertThat(again.audience()).isEqualTo(read.audience());
                assertThat(again.expiry()).isEqualTo(read.expiry());
                assertThat(again.policy()).isEqualTo(read.policy());
            }
        });
    }

    @MethodSource("pemFiles")
    @FuzzTest(maxDuration = "1m")
    void pem_files(byte[] latin1) {
        // PKCS#8 with a passphrase is left out: the file says how many rounds that takes
        String text = new String(latin1, ISO_8859_1).replace("BEGIN ENCRYPTED PRIVATE KEY", "BEGIN PRIVATE KEY");
        read(text, all -> PemFile.parse("any.pem", all)).ifPresent(file -> {
            read(file, PemFile::certificates)
                    .ifPresent(certificates -> assertThat(certificates).isNotEmpty());
            read(file, all -> PrivateKeys.only(all, Pem.PASSPHRASE.toCharArray()))
                    .ifPresent(key -> assertThat(key.getAlgorithm()).isNotEmpty());
        });
    }

    /** A value, or the one documented refusal on one line. */
    private static <I, O> Optional<O> read(I input, Function<I, O> reader) {
        try {
            return Optional.of(reader.apply(input));
        } catch (InvalidInputException refused) {
            assertThat(refused).hasMessageNotContaining("\n");
            return Optional.empty();
        }
    }

    static Stream<byte[]> connectionStrings() {
        return texts(Vectors.file("connection-strings.json").path("vectors"), "input");
    }

    static Stream<byte[]> tokens() {
        return Stream.concat(
                texts(Vectors.file("sas.json").path("verification"), "token"),
                Stream.of(SasToken.sign("h/devices/d", SymmetricKey.ofBytes(new byte[16]), Instant.EPOCH, "p")
                        .text()
                        .getBytes(UTF_8)));
    }

    static Stream<byte[]> pemFiles() {
        return Stream.of("chain-with-gap", "device-all", "ec-sec1-with-parameters", "ed25519-pkcs8", "rsa-legacy-des3")
                .map(name -> {
                    try {
                        return Files.readAllBytes(Pem.file(name + ".pem"));
                    } catch (IOException unreadable) {
                        throw new UncheckedIOException(unreadable);
                    }
                });
    }

    private static Stream<byte[]> texts(JsonNode cases, String member) {
        assertThat(cases).isNotEmpty();
        return StreamSupport.stream(cases.spliterator(), false)
                .map(c -> c.path(member).asText().getBytes(UTF_8));
    }
}
