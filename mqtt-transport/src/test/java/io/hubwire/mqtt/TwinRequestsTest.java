package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TokenSource;
import io.hubwire.mqtt.link.Publication;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Twin requests and all that can come in answer to them. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TwinRequestsTest {
    private static final Identity DEVICE = Identity.device("dev1");
    private static final String TWIN =
            "{\"desired\":{\"k\":1,\"$version\":12},\"reported\":{\"b\":55,\"$version\":123}}";

    private final FakeTime time = new FakeTime(Instant.parse("2030-01-01T00:00:00Z"));
    private final FakeLinks links = new FakeLinks();
    private HubClient client;

    @BeforeEach
    void connect() {
        client = new HubClient(
                DEVICE,
                "user",
                Credentials.of(ClientCredentials.tokens(
                        TokenSource.ofIdentity("hub.example", DEVICE, SymmetricKey.ofBytes(new byte[32]), () -> 0))),
                ClientOptions.builder()
                        .environment(new ClientEnvironment(time, () -> 0, time, () -> 0))
                        .build(),
                links,
                time::instant);
        client.connect().join();
    }

    @AfterEach
    void close() {
        client.close();
    }

    private List<String> topics() {
        return links.last().published.stream().map(Publication::topic).toList();
    }

    /** The topic of the n-th request on this link, n from 1; another thread may be at work on it. */
    private String sent(int number) {
        await().pollInterval(Duration.ofMillis(1)).until(() -> topics().size() >= number);
        return topics().get(number - 1);
    }

    private void answer(String status, String body) {
        links.last().receive("$iothub/twin/res/" + status, body);
    }

    @Test
    void reads_the_twin() {
        CompletableFuture<Twin> twin = client.twin();
        assertThat(sent(1)).isEqualTo("$iothub/twin/GET/?$rid=1");
        answer("200/?$rid=1", TWIN);
        assertThat(twin.join().desired().json()).isEqualTo("{\"k\":1}");
        assertThat(twin.join().reported().version()).isEqualTo(123);
    }

    @Test
    void a_throttled_request_is_sent_again_under_a_new_id_after_growing_delays() {
        CompletableFuture<Long> reported = client.report("{\"a\":1}", null);
        sent(1);
        answer("429/?$rid=1", "");
        time.advance(Duration.ofMillis(999));
        assertThat(topics()).hasSize(1);
        time.advance(Duration.ofMillis(1));
        assertThat(sent(2)).endsWith("$rid=2");
        answer("429/?$rid=2", "");
        time.advance(Duration.ofMillis(1999));
        assertThat(topics()).hasSize(2);
        time.advance(Duration.ofMillis(1));
        sent(3);
        answer("204/?$rid=3&$version=9", "");
        assertThat(reported.join()).isEqualTo(9);
    }

    @Test
    void one_that_is_throttled_until_its_time_is_up_says_so() {
        CompletableFuture<Twin> twin = client.twin();
        for (int id = 1; !twin.isDone(); id++) {
            sent(id);
            answer("429/?$rid=" + id, "");
            time.advance(Duration.ofSeconds(30));
        }
        assertThat(ConversationTest.codeOf(twin)).isEqualTo(ErrorCode.THROTTLED);
    }

    @Test
    void no_answer_ends_in_a_time_out_and_a_late_one_is_ignored() {
        CompletableFuture<Twin> twin = client.twin();
        sent(1);
        time.advance(Duration.ofSeconds(60));
        assertThat(ConversationTest.codeOf(twin)).isEqualTo(ErrorCode.TIMED_OUT);
        answer("200/?$rid=1", TWIN);
    }

    @Test
    void answers_that_nobody_waits_for_change_nothing() {
        CompletableFuture<Twin> twin = client.twin();
        sent(1);
        answer("200/?$rid=77", "{}");
        answer("500/?$rid=", "");
        assertThat(twin).isNotDone();
        answer("200/?$rid=1", TWIN);
        answer("500/?$rid=1", "");
        assertThat(twin.join().desired().version()).isEqualTo(12);
    }

    @Test
    void a_refusal_carries_the_status_and_what_the_hub_said() {
        CompletableFuture<Long> reported = client.report("{\"a\":1}", 3L);
        assertThat(sent(1)).isEqualTo("$iothub/twin/PATCH/properties/reported/?$rid=1&$version=3");
        answer("412/?$rid=1", "{\"errorCode\":412002,\"message\":\"version differs\"}");
        HubwireException refused = ConversationTest.failureOf(reported);
        assertThat(refused.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED);
        assertThat(refused).hasMessageContaining("version differs");
    }

    @Test
    void an_answer_that_is_no_twin_fails_only_its_request() {
        CompletableFuture<Twin> twin = client.twin();
        sent(1);
        answer("200/?$rid=1", "{\"desired\":[]}");
        assertThat(ConversationTest.codeOf(twin)).isEqualTo(ErrorCode.MALFORMED_REPLY);
        CompletableFuture<Twin> next = client.twin();
        sent(2);
        answer("200/?$rid=2", TWIN);
        next.join();
    }

    @Test
    void a_lost_link_fails_what_was_sent_and_keeps_what_was_not() {
        CompletableFuture<Twin> sent = client.twin();
        sent(1);
        links.accepting = false;
        links.last().breakDown();
        assertThat(ConversationTest.codeOf(sent)).isEqualTo(ErrorCode.CONNECTION_LOST);
        CompletableFuture<Twin> waits = client.twin();
        links.accepting = true;
        await().until(() -> {
            time.advance(Duration.ofMillis(100));
            return links.made.size() == 2 && topics().size() == 1;
        });
        answer("200/?$rid=2", TWIN);
        waits.join();
    }
}
