package io.hubwire.auth;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.hubwire.auth.SasVerifier.Outcome;
import io.hubwire.auth.SasVerifier.Verdict;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.vectors.Vectors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SasVerifierTest {
    private static final String HUB = "contoso-hub.azure-devices.net";
    private static final Predicate<String> OURS = HUB::equals;
    private static final JsonNode FILE = Vectors.file("sas.json");
    private static final SasVerifier VERIFIER = new SasVerifier(
            Duration.ofSeconds(FILE.path("store").path("clockSkewSeconds").asLong()));
    private static final SymmetricKey KEY = SymmetricKey.ofBase64("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    /** The vectors' reasons for a refusal that the verifier decides, and what it answers. */
    private static final Map<String, Outcome> OUTCOMES = Map.ofEntries(
            entry("", Outcome.OK),
            entry("skew", Outcome.OK),
            entry("expired", Outcome.EXPIRED),
            entry("wrong-key", Outcome.BAD_SIGNATURE),
            entry("wrong-audience", Outcome.WRONG_AUDIENCE),
            entry("device-id-case", Outcome.WRONG_AUDIENCE),
            entry("missing-field", Outcome.MALFORMED),
            entry("malformed", Outcome.MALFORMED),
            entry("malformed-base64", Outcome.MALFORMED),
            entry("duplicate-field", Outcome.MALFORMED),
            entry("expiry-in-milliseconds", Outcome.MALFORMED));

    static Stream<Named<JsonNode>> verification() {
        return Vectors.named(FILE.path("verification"), "id", 49);
    }

    /** Without the encoder probes, whose ids no registry takes; SasTokenTest covers their signatures. */
    static Stream<Named<JsonNode>> signingForLegalIds() {
        ArrayNode legal = JsonNodeFactory.instance.arrayNode();
        FILE.path("signing").forEach(c -> {
            if (!c.has("encoderProbe")) {
                legal.add(c);
            }
        });
        return Vectors.named(legal, "id", 46);
    }

    @ParameterizedTest
    @MethodSource("verification")
    void decides_every_vector_as_recorded(JsonNode c) {
        String reason = c.path("reason").asText();
        Optional<Verdict> verdict = ask(c);
        assertThat(verdict.map(Verdict::isOk).orElse(false))
                .isEqualTo(c.path("valid").asBoolean());
        if (reason.equals("unknown-policy") || reason.equals("insufficient-permission")) {
            assertThat(verdict)
                    .as("the hub refuses before it asks the verifier")
                    .isEmpty();
        } else {
            assertThat(verdict.orElseThrow().outcome()).isEqualTo(OUTCOMES.get(reason));
        }
    }

    @ParameterizedTest
    @MethodSource("signingForLegalIds")
    void takes_what_every_sdk_sends_for_the_resource_it_means(JsonNode c) {
        SymmetricKey key = SymmetricKey.ofBase64(c.path("key").asText());
        Instant before = Instant.ofEpochSecond(c.path("expiry").asLong());
        assertThat(c.path("accepted")).isNotEmpty();
        for (JsonNode form : c.path("accepted")) {
            Verdict verdict = VERIFIER.verify(form.path("token").asText(), rule(c), List.of(key), before);
            assertThat(verdict.outcome())
                    .as("%s: %s", form.path("form").asText(), verdict.detail())
                    .isEqualTo(Outcome.OK);
        }
    }

    @Test
    void tells_how_long_ago_a_token_expired() {
        String token = SasToken.sign(HUB + "/devices/d1", KEY, NOW.minusSeconds(301), null)
                .text();
        Verdict verdict =
                VERIFIER.verify(token, AudienceRule.ofIdentity(OURS, Identity.device("d1")), List.of(KEY), NOW);
        assertThat(verdict.outcome()).isEqualTo(Outcome.EXPIRED);
        assertThat(verdict.detail()).contains("301 s ago").contains("tolerated are 300 s");
    }

    @Test
    void tells_nothing_of_time_to_whom_does_not_hold_the_key() {
        String token =
                SasToken.sign(HUB + "/devices/d1", KEY, Instant.EPOCH, null).text();
        Verdict verdict = VERIFIER.verify(
                token,
                AudienceRule.ofIdentity(OURS, Identity.device("d1")),
                List.of(GroupKey.deriveDeviceKey(KEY, "other")),
                NOW);
        assertThat(verdict.outcome()).isEqualTo(Outcome.BAD_SIGNATURE);
    }

    @Test
    void a_token_for_part_of_a_device_opens_that_part_only() {
        String token =
                SasToken.sign(HUB + "/devices/d1/messages", KEY, NOW, null).text();
        Identity d1 = Identity.device("d1");
        assertThat(outcome(token, AudienceRule.ofIdentity(OURS, d1, "messages/events")))
                .isEqualTo(Outcome.OK);
        assertThat(outcome(token, AudienceRule.ofIdentity(OURS, d1, "messages")))
                .isEqualTo(Outcome.OK);
        assertThat(outcome(token, AudienceRule.ofIdentity(OURS, d1, "twin"))).isEqualTo(Outcome.WRONG_AUDIENCE);
        assertThat(outcome(token, AudienceRule.ofIdentity(OURS, d1))).isEqualTo(Outcome.WRONG_AUDIENCE);
    }

    @Test
    void a_policys_token_opens_the_resource_and_what_is_below_its_audience() {
        String hub = SasToken.sign(HUB, KEY, NOW, "service").text();
        String devices = SasToken.sign(HUB + "/devices/", KEY, NOW, "device").text();
        assertThat(outcome(hub, AudienceRule.ofPolicy(OURS, ""))).isEqualTo(Outcome.OK);
        assertThat(outcome(hub, AudienceRule.ofPolicy(OURS, "twins/d1"))).isEqualTo(Outcome.OK);
        assertThat(outcome(devices, AudienceRule.ofPolicy(OURS, "devices/d1"))).isEqualTo(Outcome.OK);
        assertThat(outcome(devices, AudienceRule.ofPolicy(OURS, ""))).isEqualTo(Outcome.WRONG_AUDIENCE);
        assertThat(outcome(devices, AudienceRule.ofPolicy(OURS, "devicesX"))).isEqualTo(Outcome.WRONG_AUDIENCE);
    }

    @Test
    void an_amqp_audience_may_carry_scheme_port_and_entity() {
        AudienceRule rule = AudienceRule.ofHost(OURS);
        for (String audience : List.of(
                HUB, "sb://" + HUB + "/hub-entity", "https://" + HUB, "amqps://" + HUB + ":5671/x/$management")) {
            Verdict verdict = VERIFIER.verify(SasToken.sign(audience, KEY, NOW, "service"), rule, List.of(KEY), NOW);
            assertThat(verdict.outcome()).as(audience).isEqualTo(Outcome.OK);
            assertThat(verdict.audience().orElseThrow().text()).isEqualTo(audience);
        }
        assertThat(outcome(
                        SasToken.sign("sb://elsewhere/x", KEY, NOW, "service").text(), rule))
                .isEqualTo(Outcome.WRONG_AUDIENCE);
    }

    @Test
    void a_registration_token_names_scope_and_id_and_no_host() {
        AudienceRule rule = AudienceRule.ofRegistration("0ne001", new RegistrationId("MyDevice"));
        assertThat(outcome(
                        SasToken.sign("0ne001/registrations/mydevice", KEY, NOW, "registration")
                                .text(),
                        rule))
                .isEqualTo(Outcome.OK);
        assertThat(outcome(
                        SasToken.sign("0ne002/registrations/mydevice", KEY, NOW, null)
                                .text(),
                        rule))
                .isEqualTo(Outcome.WRONG_AUDIENCE);
        assertThat(outcome(SasToken.sign("0ne001/registrations", KEY, NOW, null).text(), rule))
                .isEqualTo(Outcome.WRONG_AUDIENCE);
    }

    @Test
    void refuses_a_negative_skew() {
        assertThatThrownBy(() -> new SasVerifier(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    private static Outcome outcome(String token, AudienceRule rule) {
        return VERIFIER.verify(token, rule, List.of(KEY), NOW).outcome();
    }

    /** The least a hub does around the verifier: find the policy, see whether it may connect devices. Empty: it may not. */
    private static Optional<Verdict> ask(JsonNode c) {
        JsonNode policies = FILE.path("store").path("policies");
        Optional<String> policy;
        try {
            policy = SasToken.parse(c.path("token").asText()).policy();
        } catch (InvalidInputException malformed) {
            policy = Optional.empty();
        }
        Instant now = Instant.ofEpochSecond(c.path("now").asLong());
        String resource = c.path("target").asText().substring(HUB.length() + 1);
        if (policy.isEmpty()) {
            List<SymmetricKey> keys = new ArrayList<>();
            c.path("keys").forEach(k -> keys.add(SymmetricKey.ofBase64(k.asText())));
            return Optional.of(VERIFIER.verify(c.path("token").asText(), ofIdentity(resource), keys, now));
        }
        JsonNode found = policies.path(policy.get());
        if (!found.path("permissions").toString().contains("DeviceConnect")) {
            return Optional.empty();
        }
        List<SymmetricKey> keys =
                List.of(SymmetricKey.ofBase64(found.path("primaryKey").asText()));
        return Optional.of(VERIFIER.verify(c.path("token").asText(), AudienceRule.ofPolicy(OURS, resource), keys, now));
    }

    private static AudienceRule ofIdentity(String resource) {
        String[] parts = resource.split("/");
        if (parts.length >= 4 && parts[2].equals("modules")) {
            return AudienceRule.ofIdentity(OURS, Identity.module(parts[1], parts[3]));
        }
        String below = parts.length == 2 ? "" : resource.substring(("devices/" + parts[1] + "/").length());
        return AudienceRule.ofIdentity(OURS, Identity.device(parts[1]), below);
    }

    private static AudienceRule rule(JsonNode c) {
        Predicate<String> host = name -> name.equalsIgnoreCase(c.path("host").asText());
        return switch (c.path("kind").asText()) {
            case "dps-device" ->
                AudienceRule.ofRegistration(
                        c.path("scope").asText(),
                        new RegistrationId(c.path("registrationId").asText()));
            case "hub-device", "hub-module" -> {
                Identity identity = c.has("moduleId")
                        ? Identity.module(
                                c.path("deviceId").asText(), c.path("moduleId").asText())
                        : Identity.device(c.path("deviceId").asText());
                yield c.has("policy")
                        ? AudienceRule.ofPolicy(host, identity.resource())
                        : AudienceRule.ofIdentity(host, identity);
            }
            default -> AudienceRule.ofPolicy(host, "");
        };
    }
}
