package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TokenSource;
import io.hubwire.mqtt.link.PeerClock;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** CONNACK 5 says nothing; the clocks say something. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusalTest {
    private static final Instant HERE = Instant.parse("2030-01-01T00:00:00Z");
    private static final Identity DEVICE = Identity.device("dev1");
    private static final SymmetricKey KEY = SymmetricKey.ofBytes(new byte[32]);

    private final FakeTime time = new FakeTime(HERE);
    private final FakeLinks links = new FakeLinks();
    private final RandomGenerator random = () -> 0;
    private final AtomicInteger asked = new AtomicInteger();
    private PeerClock hubClock = () -> HERE;
    private HubClient client;

    RefusalTest() {
        links.accepting = false;
    }

    @AfterEach
    void close() {
        client.close();
    }

    private CompletableFuture<Void> connect(ClockCheck check, TokenSource source) {
        client = new HubClient(
                DEVICE,
                "user",
                Credentials.of(ClientCredentials.tokens(source)),
                ClientOptions.builder()
                        .clockCheck(check)
                        .environment(new ClientEnvironment(time, () -> 0, time, random))
                        .build(),
                links,
                () -> {
                    asked.incrementAndGet();
                    return hubClock.read();
                });
        CompletableFuture<Void> connecting = client.connect();
        awaitLink(1);
        return connecting;
    }

    private void awaitLink(int number) {
        await().pollInterval(Duration.ofMillis(1)).until(() -> links.made.size() == number);
    }

    private TokenSource key() {
        return TokenSource.ofIdentity("hub.example", DEVICE, KEY, random);
    }

    private static ConnectRefusedException refusal(CompletableFuture<Void> connecting) {
        return (ConnectRefusedException) ConversationTest.failureOf(connecting);
    }

    @Test
    void a_token_that_is_good_by_the_hubs_clock_means_key_or_device_and_no_guess_which() {
        CompletableFuture<Void> connecting = connect(ClockCheck.REPORT, key());
        links.last().refuse(5);
        ConnectRefusedException refused = refusal(connecting);
        assertThat(refused.refusal()).isEqualTo(RefusalCause.KEY_OR_DEVICE);
        assertThat(refused.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(refused.clockSkew()).contains(Duration.ZERO);
        assertThat(refused)
                .hasMessageContainingAll(
                        "key is wrong", "no such device", "does not tell which", "agrees with the hub");
    }

    @Test
    void a_clock_that_is_behind_is_named_with_the_measure() {
        hubClock = () -> HERE.plusSeconds(7205);
        CompletableFuture<Void> connecting = connect(ClockCheck.REPORT, key());
        links.last().refuse(5);
        ConnectRefusedException refused = refusal(connecting);
        assertThat(refused.refusal()).isEqualTo(RefusalCause.CLOCK_SKEW);
        assertThat(refused.code()).isEqualTo(ErrorCode.TOKEN_EXPIRED);
        assertThat(refused.clockSkew()).contains(Duration.ofSeconds(-7205));
        assertThat(refused).hasMessageContaining("is [7205 s] behind the hub's");
        assertThat(links.made).hasSize(1);
    }

    @Test
    void a_clock_that_is_off_without_ending_the_token_is_told_but_not_blamed() {
        hubClock = () -> HERE.minusSeconds(7200);
        CompletableFuture<Void> connecting = connect(ClockCheck.CORRECT, key());
        links.last().refuse(5);
        ConnectRefusedException refused = refusal(connecting);
        assertThat(refused.refusal()).isEqualTo(RefusalCause.KEY_OR_DEVICE);
        assertThat(refused.clockSkew()).contains(Duration.ofSeconds(7200));
        assertThat(refused).hasMessageContaining("is [7200 s] ahead of the hub's");
    }

    @Test
    void where_it_is_allowed_the_next_token_is_made_for_the_hubs_clock() {
        hubClock = () -> HERE.plusSeconds(7205);
        CompletableFuture<Void> connecting = connect(ClockCheck.CORRECT, key());
        links.accepting = true;
        links.last().refuse(5);
        connecting.join();
        assertThat(links.made).hasSize(2);
        assertThat(tokenExpiry()).isEqualTo(HERE.plusSeconds(7205 + 3600));
        assertThat(asked).hasValue(1);
    }

    @Test
    void a_corrected_token_that_is_refused_as_well_ends_it() {
        hubClock = () -> HERE.plusSeconds(7205);
        CompletableFuture<Void> connecting = connect(ClockCheck.CORRECT, key());
        links.last().refuse(5);
        awaitLink(2);
        links.last().refuse(5);
        ConnectRefusedException refused = refusal(connecting);
        assertThat(refused.refusal()).isEqualTo(RefusalCause.KEY_OR_DEVICE);
        assertThat(refused.clockSkew()).contains(Duration.ZERO);
        assertThat(links.made).hasSize(2);
    }

    @Test
    void an_expired_token_that_can_be_replaced_is_replaced_once() {
        AtomicInteger made = new AtomicInteger();
        TokenSource provider = TokenSource.ofProvider(
                now -> SasToken.sign("a", KEY, now.plusSeconds(10L + made.getAndIncrement()), null)
                        .text(),
                random);
        CompletableFuture<Void> connecting = connect(ClockCheck.OFF, provider);
        time.advance(Duration.ofSeconds(15)); // a slow link: it ends on the way
        links.last().refuse(5);
        awaitLink(2);
        assertThat(tokenExpiry()).isEqualTo(HERE.plusSeconds(15 + 11));
        time.advance(Duration.ofSeconds(15));
        links.last().refuse(5);
        assertThat(refusal(connecting).refusal()).isEqualTo(RefusalCause.TOKEN_EXPIRED);
        assertThat(links.made).hasSize(2);
        assertThat(asked).hasValue(0);
    }

    @Test
    void a_hub_that_does_not_tell_its_time_is_no_obstacle() {
        hubClock = () -> {
            throw new IOException("nobody there");
        };
        CompletableFuture<Void> connecting = connect(ClockCheck.CORRECT, key());
        links.last().refuse(5);
        ConnectRefusedException refused = refusal(connecting);
        assertThat(refused.refusal()).isEqualTo(RefusalCause.KEY_OR_DEVICE);
        assertThat(refused.clockSkew()).isEmpty();
        assertThat(refused).hasMessageContaining("could not be read: nobody there");
    }

    @Test
    void closing_does_not_wait_for_the_hubs_time() throws InterruptedException {
        CountDownLatch asking = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        hubClock = () -> {
            asking.countDown();
            try {
                never.await();
            } catch (InterruptedException stopped) {
                throw new IOException(stopped);
            }
            return HERE;
        };
        CompletableFuture<Void> connecting = connect(ClockCheck.REPORT, key());
        links.last().refuse(5);
        assertThat(asking.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(client.close()).succeedsWithin(Duration.ofSeconds(1));
        assertThat(ConversationTest.codeOf(connecting)).isEqualTo(ErrorCode.CANCELLED);
        never.countDown();
    }

    private Instant tokenExpiry() {
        return SasToken.parse(links.last().settings.password()).expiry();
    }
}
