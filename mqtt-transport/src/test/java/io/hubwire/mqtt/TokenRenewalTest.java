package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TokenSource;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Days of tokens, in no time. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TokenRenewalTest {
    private static final Instant MIDNIGHT = Instant.parse("2030-01-01T00:00:00Z");
    private static final Identity DEVICE = Identity.device("dev1");
    private static final SymmetricKey PRIMARY = SymmetricKey.ofBytes(new byte[32]);
    private static final SymmetricKey SECONDARY = SymmetricKey.ofBytes(new byte[16]);

    private final FakeTime time = new FakeTime(MIDNIGHT);
    private final FakeLinks links = new FakeLinks();
    private final Queue<ConnectionChange> changes = new ConcurrentLinkedQueue<>();
    private final RandomGenerator random = () -> 0;
    private HubClient client = client(ofKey(PRIMARY));

    @AfterEach
    void close() {
        client.close();
    }

    private TokenSource ofKey(SymmetricKey key) {
        return TokenSource.ofIdentity("hub.example", DEVICE, key, random);
    }

    private HubClient client(TokenSource... sources) {
        ClientEnvironment environment = new ClientEnvironment(
                time, () -> Duration.between(MIDNIGHT, time.instant()).toNanos(), time, random);
        HubClient made = new HubClient(
                DEVICE,
                "user",
                Credentials.of(ClientCredentials.tokens(sources)),
                ClientOptions.builder().environment(environment).build(),
                links,
                time::instant);
        made.listen(changes::add);
        return made;
    }

    @Test
    void a_day_of_renewals_loses_nothing_and_never_shows_an_old_token() {
        client.connect().join();
        List<CompletableFuture<SendResult>> sent = new ArrayList<>();
        for (int minute = 0; minute < 24 * 60; minute++) {
            sent.add(client.send(Message.of("minute " + minute)));
            time.advance(Duration.ofMinutes(1));
            // a token is made on a thread of its own, and that must have time too
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> client.state() == ConnectionState.CONNECTED
                            && tokenOf(links.last())
                                    .expiry()
                                    .isAfter(time.instant().plusSeconds(300)));
        }
        sent.forEach(CompletableFuture::join);
        assertThat(links.made).hasSizeBetween(28, 31); // every 51 minutes
        await().untilAsserted(() -> assertThat(changes).hasSize(2 * links.made.size()));
        assertThat(changes.stream().skip(2)).allSatisfy(change -> {
            assertThat(change.reason()).isEqualTo(ChangeReason.TOKEN_RENEWAL);
            assertThat(change.cause()).isNull();
        });
    }

    @Test
    void renewal_waits_for_messages_under_way() {
        client.connect().join();
        time.advance(Duration.ofMinutes(51).minusSeconds(1));
        links.acknowledging = false;
        FakeLinks.FakeLink first = links.last();
        CompletableFuture<SendResult> underWay = client.send(Message.of("just before"));
        await().until(() -> first.published.size() == 1);
        time.advance(Duration.ofSeconds(1));
        CompletableFuture<SendResult> waits = client.send(Message.of("during the renewal"));
        assertThat(links.made).hasSize(1);

        first.acknowledgeOldest();
        underWay.join();
        await().until(() -> links.made.size() == 2 && links.last().published.size() == 1);
        assertThat(first.published).isEmpty();
        assertThat(links.last().settings.resend()).isEmpty();
        links.last().acknowledgeOldest();
        waits.join();
    }

    @Test
    void renewal_goes_ahead_in_time_although_an_acknowledgement_is_missing() {
        client.connect().join();
        time.advance(Duration.ofMinutes(51).minusSeconds(1));
        links.acknowledging = false;
        FakeLinks.FakeLink first = links.last();
        CompletableFuture<SendResult> underWay = client.send(Message.of("just before"));
        await().until(() -> first.published.size() == 1);
        links.acknowledging = true;
        time.advance(Duration.ofSeconds(1));
        time.advance(ConnectionTimes.connectingWithin(Duration.ofSeconds(1)).drain());
        underWay.join();
        assertThat(links.last().settings.resend()).hasSize(1);
    }

    @Test
    void the_other_key_is_tried_when_one_is_refused_and_stays_in_use() {
        client = client(ofKey(PRIMARY), ofKey(SECONDARY));
        links.accepting = false;
        CompletableFuture<Void> connecting = client.connect();
        await().until(() -> links.made.size() == 1);
        assertThat(tokenOf(links.last()).isSignedBy(PRIMARY)).isTrue();
        links.accepting = true;
        links.last().refuse(5);
        connecting.join();
        assertThat(tokenOf(links.last()).isSignedBy(SECONDARY)).isTrue();
        links.last().breakDown();
        advanceUntil(() -> links.made.size() == 3);
        assertThat(tokenOf(links.last()).isSignedBy(SECONDARY)).isTrue();
    }

    @Test
    void when_every_key_is_refused_the_client_gives_up() {
        client = client(ofKey(PRIMARY), ofKey(SECONDARY));
        links.accepting = false;
        CompletableFuture<Void> connecting = client.connect();
        await().until(() -> links.made.size() == 1);
        links.last().refuse(5);
        await().until(() -> links.made.size() == 2);
        links.last().refuse(5);
        assertThat(ConversationTest.codeOf(connecting)).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(links.made).hasSize(2);
    }

    @Test
    void a_ready_made_token_that_has_expired_is_named_as_the_cause() {
        client = client(TokenSource.ofToken(SasToken.sign("a", PRIMARY, MIDNIGHT.minusSeconds(600), null)));
        links.accepting = false;
        CompletableFuture<Void> connecting = client.connect();
        await().until(() -> links.made.size() == 1);
        links.last().refuse(5);
        assertThat(ConversationTest.failureOf(connecting))
                .hasMessageContaining("expired at [2029-12-31T23:50:00Z]")
                .satisfies(e -> assertThat(ConversationTest.codeOf(connecting)).isEqualTo(ErrorCode.TOKEN_EXPIRED));
    }

    @Test
    void a_token_provider_that_fails_is_asked_again() {
        List<Instant> asked = new ArrayList<>();
        client = client(TokenSource.ofProvider(
                now -> {
                    asked.add(now);
                    if (asked.size() == 1) {
                        throw new IllegalStateException("token service is away");
                    }
                    return SasToken.sign("a", PRIMARY, now.plusSeconds(3600), null)
                            .text();
                },
                random));
        CompletableFuture<Void> connecting = client.connect();
        advanceUntil(connecting::isDone);
        connecting.join();
        assertThat(asked).hasSize(2);
    }

    /** Lets time pass until something has happened; other threads are at work, so it may take several steps. */
    private void advanceUntil(Callable<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            time.advance(Duration.ofMillis(100));
            return condition.call();
        });
    }

    private static SasToken tokenOf(FakeLinks.FakeLink link) {
        return SasToken.parse(link.settings.password());
    }
}
