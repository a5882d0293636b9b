package io.hubwire.localhub.throttling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hubwire.localhub.throttling.Admission.After;
import io.hubwire.localhub.throttling.Admission.AtOnce;
import io.hubwire.localhub.throttling.Admission.Refused;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ThrottlesTest {
    private final FakeTime time = new FakeTime(Instant.parse("2030-01-01T23:00:00Z"));

    @Test
    void limits_nothing_without_a_quota() {
        Throttles none = Throttles.of(null, time);
        assertThat(none.on()).isFalse();
        assertThat(none.admit(Throttle.QUERIES, 1_000_000)).isInstanceOf(AtOnce.class);
        assertThat(none.admitMessage(Throttle.D2C_SENDS, Integer.MAX_VALUE)).isInstanceOf(AtOnce.class);
    }

    /** Operations a minute of one unit, as documented; of methods, steps of 4 KB. */
    @ParameterizedTest
    @CsvSource({
        "IDENTITY_REGISTRY, 100, 100, 5000",
        "CONNECTIONS, 6000, 7200, 360000",
        "D2C_SENDS, 6000, 7200, 360000",
        "C2D_SENDS, 100, 100, 5000",
        "C2D_RECEIVES, 1000, 1000, 50000",
        "FILE_UPLOADS, 100, 100, 5000",
        "METHODS, 2400, 7200, 368640",
        "QUERIES, 20, 20, 1000",
        "TWIN_READS, 6000, 6000, 30000",
        "TWIN_UPDATES, 3000, 3000, 15000",
        "JOBS, 100, 100, 5000",
        "CONFIGURATIONS, 20, 20, 20",
    })
    void knows_the_documented_rates(Throttle throttle, double first, double second, double third) {
        assertThat(Tier.F1.perSecond(throttle) * 60).isCloseTo(first, within(1e-9));
        assertThat(Tier.S1.perSecond(throttle) * 60).isCloseTo(first, within(1e-9));
        assertThat(Tier.S2.perSecond(throttle) * 60).isCloseTo(second, within(1e-9));
        assertThat(Tier.S3.perSecond(throttle) * 60).isCloseTo(third, within(1e-9));
    }

    @ParameterizedTest
    @EnumSource(Throttle.class)
    void lets_a_minutes_worth_through_at_once_by_default(Throttle throttle) {
        Throttles throttles = Throttles.of(Quota.of(Tier.S1), time);
        int minute = (int) Math.round(Tier.S1.perSecond(throttle) * 60);
        assertThat(throttles.admit(throttle, minute)).isInstanceOf(AtOnce.class);
        assertThat(throttles.admit(throttle)).isInstanceOf(After.class);
    }

    @Test
    void says_when_to_try_again() {
        Throttles throttles = Throttles.of(new Quota(Tier.S1, Duration.ofMinutes(1), Duration.ZERO), time);
        assertThat(throttles.admit(Throttle.QUERIES, 20)).isInstanceOf(AtOnce.class);
        assertThat(throttles.admit(Throttle.QUERIES)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.error()).isEqualTo(HubError.THROTTLING_EXCEPTION);
            assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(3));
            assertThat(refused.detail()).contains("Wait 3 seconds", "queries", "S1");
        });
        time.jump(Duration.ofSeconds(3));
        assertThat(throttles.admit(Throttle.QUERIES)).isInstanceOf(AtOnce.class);
    }

    @Test
    void counts_messages_of_the_day_in_the_tiers_steps_until_midnight() {
        Throttles throttles = Throttles.of(new Quota(Tier.F1, Duration.ofDays(1), Duration.ZERO), time);
        // 7,998 messages of 512 bytes, then one that counts twice
        for (int i = 0; i < 7_998; i++) {
            assertThat(throttles.admitMessage(Throttle.D2C_SENDS, i % 513)).isInstanceOf(AtOnce.class);
        }
        assertThat(throttles.admitMessage(Throttle.C2D_SENDS, 513)).isInstanceOf(AtOnce.class);
        assertThat(throttles.admitMessage(Throttle.D2C_SENDS, 0)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.error()).isEqualTo(HubError.IOT_HUB_QUOTA_EXCEEDED);
            assertThat(refused.retryAfter()).isEqualTo(Duration.ofHours(1));
        });
        time.jump(Duration.ofHours(1));
        assertThat(throttles.admitMessage(Throttle.D2C_SENDS, 0)).isInstanceOf(AtOnce.class);
    }

    @Test
    void does_not_count_a_message_that_the_rate_refused() {
        Throttles throttles = Throttles.of(new Quota(Tier.F1, Duration.ofMillis(10), Duration.ZERO), time);
        assertThat(throttles.admitMessage(Throttle.D2C_SENDS, 1)).isInstanceOf(AtOnce.class);
        for (int i = 0; i < 10_000; i++) {
            assertThat(throttles.admitMessage(Throttle.D2C_SENDS, 1))
                    .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.error())
                            .isEqualTo(HubError.THROTTLE_BACKLOG_LIMIT_EXCEEDED));
        }
    }
}
