package io.hubwire.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TokenSource;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a hub may publish to a device. How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class ReceivedFuzzTest {
    private static final Identity DEVICE = Identity.device("dev1");
    /** Of a call that comes behind. */
    private static final String LAST = "?$rid=the-last-one";

    private static final String TWIN = "{\"desired\":{\"$version\":1},\"reported\":{\"$version\":1}}";

    private final FakeTime time = new FakeTime(Instant.parse("2030-01-01T00:00:00Z"));
    private final FakeLinks links = new FakeLinks();

    /** The first line is the topic, the rest the body. */
    @MethodSource("publications")
    @FuzzTest(maxDuration = "1m")
    void any_publication_leaves_the_client_at_work(byte[] utf8) {
        String text = new String(utf8, UTF_8);
        int line = text.indexOf('\n');
        String topic = line < 0 ? text : text.substring(0, line);
        String body = line < 0 ? "" : text.substring(line + 1);
        HubClient client = client();
        try {
            links.last().receive(topic, body);
            links.last().receive("$iothub/methods/POST/ping/" + LAST, "");
            await().pollInterval(Duration.ofMillis(1)).until(() -> links.last().published.stream()
                    .anyMatch(answer -> answer.topic().endsWith(LAST)));
        } finally {
            client.close();
        }
    }

    @MethodSource("documents")
    @FuzzTest(maxDuration = "1m")
    void any_body_is_a_twin_a_patch_a_payload_or_refused(byte[] body) {
        read(() -> Twin.parse(body))
                .ifPresent(twin -> assertThat(twin.desired().as(Object.class)).isNotNull());
        read(() -> MethodRequest.of("blink", body))
                .ifPresent(request -> assertThat(request.payload()).isEqualTo(new String(body, UTF_8)));
        read(() -> DesiredUpdate.patch(3, body)).ifPresent(update -> {
            List<WritableProperty> properties = WritableProperty.in(update);
            properties.forEach(
                    property -> assertThat(property.confirm(200, null)).contains("\"av\":3"));
        });
    }

    private static <T> Optional<T> read(Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (RemoteProtocolException refused) {
            assertThat(refused).hasMessageNotContaining("\n");
            return Optional.empty();
        }
    }

    private HubClient client() {
        HubClient client = new HubClient(
                DEVICE,
                "user",
                Credentials.of(ClientCredentials.tokens(
                        TokenSource.ofIdentity("hub.example", DEVICE, SymmetricKey.ofBytes(new byte[32]), () -> 0))),
                ClientOptions.builder()
                        .environment(new ClientEnvironment(time, () -> 0, time, () -> 0))
                        .build(),
                links,
                time::instant);
        client.onMessage("devices/dev1/messages/devicebound/#", message -> CompletableFuture.completedFuture(null));
        client.onDeadLetter(letter -> {}); // rather than a line in the log for each
        client.connect().join();
        return client;
    }

    static Stream<byte[]> publications() {
        return texts(
                "devices/dev1/messages/devicebound/%24.mid=1&%24.to=x&k=v&&=&%zz\nhello",
                "devices/dev1/modules/m1/inputs/in/%24.cdid=a\n{}",
                "devices/de v1/messages/devicebound/\n",
                "$iothub/methods/POST/blink/?$rid=a1\n{\"times\":3}",
                "$iothub/methods/POST/blink/?$rid=\n",
                "$iothub/twin/res/200/?$rid=1&$version=4\n" + TWIN,
                "$iothub/twin/res/429/?$rid=1\n{\"errorCode\":429001}",
                "$iothub/twin/PATCH/properties/desired/?$version=9\n{\"a\":null,\"$version\":9}",
                "$iothub/twin/PATCH/properties/desired/?$version=-1\n[]",
                "$iothub/twin/res/x/?\n",
                "anything/else\n");
    }

    static Stream<byte[]> documents() {
        return texts(
                TWIN,
                "{\"desired\":{},\"reported\":[]}",
                "{\"desired\":{\"$version\":1.5},\"reported\":{\"$version\":9223372036854775808}}",
                "{\"c1\":{\"__t\":\"c\",\"p\":{\"deep\":[1,null]}},\"plain\":1e400,\"$version\":\"x\"}",
                "",
                " ",
                "{");
    }

    private static Stream<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(UTF_8));
    }
}
