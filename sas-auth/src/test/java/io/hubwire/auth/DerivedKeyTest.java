package io.hubwire.auth;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.auth.SasVerifier.Outcome;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.vectors.Vectors;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys of enrollment groups and names of TPM devices. */
class DerivedKeyTest {
    private static final JsonNode FILE = Vectors.file("dps-keys.json");

    /** Cases that break a rule of form, and what our text says; the other invalid ones are common mistakes. */
    private static final Map<String, String> RULES = Map.ofEntries(
            entry("dk-91-bad-base64", "key is not base64: the character at position 4"),
            entry("dk-92-empty-key", "key is empty"),
            entry("dk-93-empty-id", "registration id is empty"),
            entry("dk-94-id-slash", "[a/b] has an illegal character at position 2"),
            entry("dk-95-id-129", "has 129 characters; the limit is 128"),
            entry("dk-96-id-dot-end", "[abc.] ends with '.'"),
            entry("dk-97-id-space", "[a b] has an illegal character at position 2"));

    static Stream<Named<JsonNode>> derivations() {
        return Vectors.named(FILE.path("derivations"), "id", 24);
    }

    static Stream<Named<JsonNode>> invalid() {
        return Vectors.named(FILE.path("invalid"), "id", 10);
    }

    static Stream<Named<JsonNode>> tpm() {
        return Vectors.named(FILE.path("tpmRegistrationIds").path("vectors"), "id", 3);
    }

    @ParameterizedTest
    @MethodSource("derivations")
    void derives_and_signs_as_recorded(JsonNode c) {
        RegistrationId id = new RegistrationId(c.path("registrationId").asText());
        SymmetricKey derived = GroupKey.deriveDeviceKey(
                SymmetricKey.ofBase64(c.path("masterKey").asText()), id);
        assertThat(derived.base64()).isEqualTo(c.path("derivedKey").asText());
        JsonNode token = c.path("registrationToken");
        SasToken signed = SasToken.sign(
                Audience.of(token.path("idScope").asText(), id),
                derived,
                Instant.ofEpochSecond(token.path("expiry").asLong()),
                "registration");
        assertThat(signed.text()).isEqualTo(token.path("token").asText());
        assertThat(signed.rawAudience()).isEqualTo(token.path("sr").asText());
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void refuses_broken_input_and_does_not_make_the_common_mistakes(JsonNode c) {
        String id = c.path("registrationId").asText();
        String rule = RULES.get(c.path("id").asText());
        if (rule != null) {
            assertThatThrownBy(() -> GroupKey.deriveDeviceKey(
                            SymmetricKey.ofBase64(c.path("masterKey").asText()), id))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(rule);
            return;
        }
        SymmetricKey groupKey = SymmetricKey.ofBase64(c.path("masterKey").asText());
        SymmetricKey derived = GroupKey.deriveDeviceKey(groupKey, id);
        if (c.has("wrong")) {
            String hex = HexFormat.of().formatHex(Base64.getDecoder().decode(derived.base64()));
            boolean isHex = c.path("id").asText().equals("dk-99-hex-output");
            // the hexadecimal vector is the right key in the wrong dress; the other is a wrong key
            assertThat(isHex ? hex : derived.base64()).satisfies(v -> {
                if (isHex) {
                    assertThat(v).isEqualTo(c.path("wrong").asText());
                } else {
                    assertThat(v).isNotEqualTo(c.path("wrong").asText());
                }
            });
            assertThat(derived.base64()).isNotEqualTo(c.path("wrong").asText());
            return;
        }
        assertThat(c.path("id").asText()).isEqualTo("dk-90-group-key-used-directly");
        RegistrationId registration = new RegistrationId(id);
        SasToken byGroupKey =
                SasToken.sign(Audience.of("0ne001", registration), groupKey, Instant.EPOCH, "registration");
        assertThat(new SasVerifier(Duration.ZERO)
                        .verify(
                                byGroupKey,
                                AudienceRule.ofRegistration("0ne001", registration),
                                List.of(derived),
                                Instant.EPOCH)
                        .outcome())
                .isEqualTo(Outcome.BAD_SIGNATURE);
    }

    @ParameterizedTest
    @MethodSource("tpm")
    void names_a_tpm_device_by_its_endorsement_key(JsonNode c) {
        byte[] endorsementKey =
                Base64.getDecoder().decode(c.path("endorsementKey").asText());
        assertThat(RegistrationId.ofTpm(endorsementKey))
                .hasToString(c.path("registrationId").asText());
    }
}
