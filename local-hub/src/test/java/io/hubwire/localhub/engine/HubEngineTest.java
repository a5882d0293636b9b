package io.hubwire.localhub.engine;

import static io.hubwire.localhub.engine.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.localhub.engine.EventLog.Start;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The engine as a whole: one device's day, and that stopping leaves nothing. */
class HubEngineTest {
    private final TestHub hub = new TestHub();

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void a_device_registers_connects_talks_and_is_talked_to() throws Exception {
        Identity device = hub.device("dev1");
        assertThat(hub.engine.access().device(device, hub.token(device)).generationId())
                .hasSize(18);

        FakeSession session = hub.connect(device);
        session.acceptsMethods = true;
        hub.engine.sessions().subscriptionsChanged(session);
        assertThat(hub.engine.registry().get(device).path("connectionState").asText())
                .isEqualTo("Connected");

        hub.engine.events().append(new Incoming(device, Message.of("22.5"), Map.of()), () -> {});
        int partition = PartitionHash.partition("dev1", 4);
        assertThat(hub.engine
                        .events()
                        .read(partition, hub.engine.events().resolve(partition, new Start.Earliest()), 10))
                .singleElement()
                .satisfies(event -> assertThat(event.message().text()).isEqualTo("22.5"));

        hub.engine.twins().patch(device, json("{'properties':{'desired':{'interval':5}}}"), new ETagMatch.Absent());
        assertThat(session.patches).containsExactly(new FakeSession.Patch(2, "{\"interval\":5,\"$version\":2}"));

        var answer = hub.engine
                .methods()
                .invoke(
                        device,
                        new DirectMethods.Call("blink", "{}".getBytes(), Duration.ofSeconds(30), Duration.ZERO));
        hub.engine.methods().answer(session, session.methods.get(0).requestId(), 200, "true".getBytes());
        assertThat(answer.get().status()).isEqualTo(200);

        hub.engine
                .c2d()
                .enqueue(
                        device,
                        Message.builder("hello")
                                .messageId("m1")
                                .system(io.hubwire.protocol.SystemProperty.ACK, "full")
                                .build());
        assertThat(session.c2dCalls).isEqualTo(1);
        C2dQueues.Delivery delivery =
                hub.engine.c2d().next(device, session, Instant.MIN).orElseThrow();
        hub.engine.c2d().complete(device, delivery.lockToken());
        assertThat(hub.engine
                        .feedback()
                        .next(64)
                        .orElseThrow()
                        .records()
                        .get(0)
                        .path("statusCode")
                        .asText())
                .isEqualTo("Success");
    }
}
