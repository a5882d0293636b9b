package io.hubwire.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.auth.TokenSource.Lease;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TokenSourceTest {
    private static final SymmetricKey KEY = SymmetricKey.ofBase64("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    /** Chance that always says the same. */
    private static final RandomGenerator NEVER_EARLY = () -> 0L;

    @Test
    void hands_out_one_token_until_85_percent_of_its_hour_are_over() {
        TokenSource source = TokenSource.ofIdentity("h", Identity.device("d"), KEY, NEVER_EARLY);
        Lease first = source.lease(START);
        assertThat(first.token().expiry()).isEqualTo(START.plusSeconds(3600));
        assertThat(first.token().audience()).isEqualTo("h/devices/d");
        assertThat(first.token().policy()).isEmpty();
        assertThat(first.renewAt()).isEqualTo(START.plusSeconds(3060));
        assertThat(source.lease(START.plusSeconds(3059))).isSameAs(first);
        Lease second = source.lease(START.plusSeconds(3060));
        assertThat(second.token().expiry()).isEqualTo(START.plusSeconds(3060 + 3600));
        assertThat(second.token().isSignedBy(KEY)).isTrue();
    }

    @Test
    void chance_moves_the_renewal_up_by_three_minutes_at_most_and_differs() {
        RandomGenerator random = new SplittableRandom(1);
        List<Instant> renewals = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            renewals.add(TokenSource.ofIdentity("h", Identity.device("d"), KEY, random)
                    .lease(START)
                    .renewAt());
        }
        assertThat(renewals).allSatisfy(r -> assertThat(r).isBetween(START.plusSeconds(2880), START.plusSeconds(3060)));
        assertThat(renewals.stream().distinct().count()).isGreaterThan(900);
    }

    @Test
    void a_day_takes_29_tokens_and_each_is_good_when_it_is_used() {
        TokenSource source = TokenSource.ofIdentity("h", Identity.device("d"), KEY, NEVER_EARLY);
        List<SasToken> used = new ArrayList<>();
        for (Instant now = START; now.isBefore(START.plus(Duration.ofDays(1))); now = now.plusSeconds(30)) {
            SasToken token = source.lease(now).token();
            assertThat(token.expiry()).isAfter(now);
            if (used.isEmpty() || !used.get(used.size() - 1).equals(token)) {
                used.add(token);
            }
        }
        assertThat(used).hasSize(29); // 86400 / 3060, rounded up
    }

    @Test
    void a_refused_token_is_not_handed_out_again() {
        TokenSource source = TokenSource.ofIdentity("h", Identity.device("d"), KEY, NEVER_EARLY);
        Lease refused = source.lease(START);
        source.invalidate();
        assertThat(source.lease(START.plusSeconds(1))).isNotEqualTo(refused);
    }

    @Test
    void a_policys_token_names_the_policy_and_any_lifetime_will_do() {
        Lease lease = TokenSource.ofKey("h", KEY, "service", Duration.ofMinutes(10), NEVER_EARLY)
                .lease(START);
        assertThat(lease.token().policy()).contains("service");
        assertThat(lease.renewAt()).isEqualTo(START.plusSeconds(510));
        assertThatThrownBy(() -> TokenSource.ofKey("h", KEY, null, Duration.ofMillis(999), NEVER_EARLY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_providers_token_is_kept_for_85_percent_of_what_is_left_of_it() {
        List<Instant> asked = new ArrayList<>();
        TokenSource source = TokenSource.ofProvider(
                now -> {
                    asked.add(now);
                    return SasToken.sign("h/devices/d", KEY, now.plusSeconds(100), null)
                            .text();
                },
                NEVER_EARLY);
        source.lease(START);
        source.lease(START.plusSeconds(84));
        source.lease(START.plusSeconds(85));
        assertThat(asked).containsExactly(START, START.plusSeconds(85));
    }

    @Test
    void a_provider_that_gives_rubbish_or_an_expired_token_is_told_so() {
        assertThatThrownBy(() -> TokenSource.ofProvider(now -> "secret rubbish", NEVER_EARLY)
                        .lease(START))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageNotContaining("rubbish");
        String old = SasToken.sign("h", KEY, START.minusSeconds(5), null).text();
        assertThatThrownBy(() -> TokenSource.ofProvider(now -> old, NEVER_EARLY).lease(START))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("5 s ago");
    }

    @Test
    void comes_from_a_connection_string_of_any_kind() {
        Identity d = Identity.device("d");
        Lease device = lease(ConnectionString.ofIdentity("H.net", d, KEY), null);
        assertThat(device.token().audience()).isEqualTo("H.net/devices/d");
        Lease policy = lease(ConnectionString.ofPolicy("H.net", "service", KEY), null);
        assertThat(policy.token().audience()).isEqualTo("H.net");
        assertThat(policy.token().policy()).contains("service");
        assertThat(lease(ConnectionString.ofPolicy("H.net", "service", KEY), "H.net/devices/x")
                        .token()
                        .audience())
                .isEqualTo("H.net/devices/x");
        SasToken ready = SasToken.sign("h/devices/d", KEY, START.minusSeconds(1), null);
        var withToken = ConnectionString.parse("HostName=h;DeviceId=d;SharedAccessSignature=" + ready.text());
        assertThat(lease(withToken, null)).isEqualTo(new Lease(ready, Instant.MAX));
        assertThat(TokenSource.of(ConnectionString.parse("HostName=h;DeviceId=d;x509=true"), null, NEVER_EARLY))
                .isEmpty();
    }

    private static Lease lease(ConnectionString connection, String audience) {
        return TokenSource.of(connection, audience, NEVER_EARLY).orElseThrow().lease(START);
    }
}
