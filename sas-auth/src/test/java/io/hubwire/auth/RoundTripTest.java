package io.hubwire.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.SasVerifier.Outcome;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.PercentEncoding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What goes out comes back, and nothing that comes in gets through as anything but a value or a refusal. */
class RoundTripTest {
    private static final String ID_CHARACTERS = "-:.+%_#*?!(),=@$'"; // all legal ones but ; which ends an element

    @Property
    void what_is_signed_reads_back_and_verifies(
            @ForAll("audiences") String audience,
            @ForAll @Size(min = 16, max = 64) byte[] key,
            @ForAll @LongRange(min = 0, max = 253_402_300_799L) long expiry) {
        SymmetricKey secret = SymmetricKey.ofBytes(key);
        SasToken signed = SasToken.sign(audience, secret, Instant.ofEpochSecond(expiry), null);
        SasToken read = SasToken.parse(signed.text());
        assertThat(read).isEqualTo(signed);
        assertThat(read.expiry()).isEqualTo(Instant.ofEpochSecond(expiry));
        assertThat(read.isSignedBy(secret)).isTrue();
        assertThat(read.isSignedBy(SymmetricKey.ofBytes(new byte[20]))).isFalse();
    }

    @Property
    void an_identitys_token_opens_the_identity_and_no_other(@ForAll("ids") String mine, @ForAll("ids") String other) {
        SymmetricKey key = SymmetricKey.ofBytes(new byte[16]);
        String token = SasToken.sign(Audience.of("h", Identity.device(mine)), key, Instant.EPOCH, null)
                .text();
        SasVerifier verifier = new SasVerifier(Duration.ZERO);
        assertThat(verifier.verify(
                                token,
                                AudienceRule.ofIdentity("h"::equals, Identity.device(mine)),
                                List.of(key),
                                Instant.EPOCH)
                        .isOk())
                .isTrue();
        if (!readsAs(mine).contains(other)) {
            assertThat(verifier.verify(
                                    token,
                                    AudienceRule.ofIdentity("h"::equals, Identity.device(other)),
                                    List.of(key),
                                    Instant.EPOCH)
                            .outcome())
                    .isEqualTo(Outcome.WRONG_AUDIENCE);
        }
    }

    @Property
    void a_connection_string_reads_back(
            @ForAll("ids") String device, @ForAll("ids") String module, @ForAll @Size(min = 16, max = 64) byte[] key) {
        SymmetricKey secret = SymmetricKey.ofBytes(key);
        ConnectionString written =
                ConnectionString.ofIdentity("contoso.azure-devices.net", Identity.module(device, module), secret);
        ConnectionString read = ConnectionString.parse(written.text());
        assertThat(read).isEqualTo(written);
        assertThat(read.key()).contains(secret);
        assertThat(read.toString()).doesNotContain(secret.base64());
    }

    @Property
    void any_text_is_a_value_or_a_refusal(@ForAll("nearlyRight") String text) {
        for (Runnable reader : List.<Runnable>of(
                () -> SasToken.parse(text),
                () -> ConnectionString.parse(text),
                () -> EventHubConnectionString.parse(text),
                () -> SymmetricKey.ofBase64(text),
                () -> new RegistrationId(text),
                () -> PemFile.parse("any", text).certificates())) {
            try {
                reader.run();
            } catch (InvalidInputException refused) {
                assertThat(refused).hasMessageNotContaining("\n");
            }
        }
        assertThat(Audience.readings(text)).isNotEmpty();
    }

    /** Any text that can be written in UTF-8. */
    @Provide
    Arbitrary<String> audiences() {
        return Arbitraries.strings().ofMinLength(1).ofMaxLength(200).filter(text -> text.codePoints()
                .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    @Provide
    Arbitrary<String> ids() {
        return Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars(ID_CHARACTERS)
                .ofMinLength(1)
                .ofMaxLength(128);
    }

    @Provide
    Arbitrary<String> nearlyRight() {
        Arbitrary<String> pieces = Arbitraries.of(
                "SharedAccessSignature ",
                "sr=",
                "&sig=",
                "&se=",
                "&skn=",
                "HostName=",
                "Endpoint=sb://",
                ";",
                "=",
                "DeviceId=",
                "SharedAccessKey=",
                "x509=true",
                "%2F",
                "%",
                "/",
                ":",
                "99999999999999999999",
                "AAAA",
                "-----BEGIN CERTIFICATE-----\n",
                "\n-----END CERTIFICATE-----");
        Arbitrary<String> any = Arbitraries.oneOf(pieces, Arbitraries.strings().ofMaxLength(8));
        return any.list().ofMaxSize(12).map(list -> String.join("", list));
    }

    /** An id that itself looks percent-encoded may be read as the id it encodes: the price of taking every SDK's form. */
    private static List<String> readsAs(String id) {
        return Audience.readings(PercentEncoding.encode("h/devices/" + id)).stream()
                .map(a -> a.path().isEmpty()
                        ? ""
                        : String.join("/", a.path().subList(1, a.path().size())))
                .toList();
    }
}
