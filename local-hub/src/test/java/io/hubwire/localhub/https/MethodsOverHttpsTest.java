package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.protocol.Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Direct methods while time passes. */
@Timeout(60)
class MethodsOverHttpsTest {
    private HubOverHttps hub;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        hub = new HubOverHttps(HubOverHttps.tls(folder));
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private CompletableFuture<Answer> call(String device, String body) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return hub.send(hub.owner("/twins/" + device + "/methods" + HubOverHttps.VERSION)
                        .post(HubOverHttps.body(body)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Answer get(CompletableFuture<Answer> answer) throws Exception {
        return answer.get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_device_that_comes_within_the_connect_time_out_gets_the_call() throws Exception {
        Identity device = hub.device("d1");
        int before = hub.time.pendingTasks();
        CompletableFuture<Answer> answer =
                call("d1", "{'methodName':'blink','payload':null,'connectTimeoutInSeconds':60}");
        await().until(() -> hub.time.pendingTasks() > before);
        hub.time.advance(Duration.ofSeconds(59));
        assertThat(answer).isNotDone();

        ConnectedDevice connected = hub.connect(device).answering(200, "{\"blinked\": 1.50}");

        assertThat(get(answer).status()).isEqualTo(200);
        assertThat(connected.called.get(5, TimeUnit.SECONDS)).isEqualTo("blink null");
        // the device's own bytes, blanks and digits included
        assertThat(get(answer).text()).isEqualTo("{\"status\":200,\"payload\":{\"blinked\": 1.50}}");
    }

    @Test
    void a_device_that_never_comes_is_not_online() throws Exception {
        hub.device("d1");
        int before = hub.time.pendingTasks();
        CompletableFuture<Answer> answer = call("d1", "{'methodName':'blink','connectTimeoutInSeconds':60}");
        await().until(() -> hub.time.pendingTasks() > before);

        hub.time.advance(Duration.ofSeconds(60));

        assertThat(get(answer).status()).isEqualTo(404);
        assertThat(get(answer).errorCode()).isEqualTo("DeviceNotOnline");
    }

    @Test
    void an_answer_that_is_not_json_is_a_bad_gateway() throws Exception {
        hub.connect(hub.device("d1")).answering(200, "{oops");

        Answer answer = get(call("d1", "{'methodName':'blink'}"));

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.json().path("Message").asText()).contains("502000");
    }

    @Test
    void two_hundred_calls_that_wait_hold_no_thread() throws Exception {
        hub.client.dispatcher().setMaxRequestsPerHost(200);
        int before = hub.time.pendingTasks();
        List<CompletableFuture<Answer>> answers = IntStream.range(0, 200)
                .mapToObj(i -> {
                    hub.device("d" + i);
                    return enqueue("d" + i);
                })
                .toList();
        await().until(() -> hub.time.pendingTasks() >= before + 200);

        assertThat(hub.send(hub.request("/health")).status()).isEqualTo(200);

        hub.time.advance(Duration.ofSeconds(60));
        for (CompletableFuture<Answer> answer : answers) {
            assertThat(get(answer).errorCode()).isEqualTo("DeviceNotOnline");
        }
    }

    /** Through OkHttp's own threads, of which it has as many as calls. */
    private CompletableFuture<Answer> enqueue(String device) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        hub.client.dispatcher().executorService().execute(() -> {
            try {
                answer.complete(hub.send(hub.owner("/twins/" + device + "/methods" + HubOverHttps.VERSION)
                        .post(HubOverHttps.body("{'methodName':'blink','connectTimeoutInSeconds':60}"))));
            } catch (IOException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }
}
