package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.auth.X509Identity;
import io.hubwire.devicehttp.C2dPolling;
import io.hubwire.devicehttp.DeviceHttpOptions;
import io.hubwire.devicehttp.HttpDeviceClient;
import io.hubwire.devicehttp.LockedMessage;
import io.hubwire.devicehttp.Settlement;
import io.hubwire.https.loopback.TestCa;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.engine.EventLog;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The device's HTTPS client and a local hub, which share codecs and nothing else. Each test has a device of its own. */
@Timeout(60)
class DeviceOverHttpsTest {
    private static LocalHub hub;

    @BeforeAll
    static void start() {
        hub = LocalHub.start();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Identity create(Identity identity) {
        hub.engine().registry().create(identity, Json.object());
        return identity;
    }

    private static HttpDeviceClient client(Identity identity) {
        String key = hub.engine()
                .registry()
                .get(identity)
                .at("/authentication/symmetricKey/primaryKey")
                .asText();
        return client(ConnectionString.ofIdentity(hub.host(), identity, SymmetricKey.ofBase64(key)));
    }

    private static HttpDeviceClient client(ConnectionString connection) {
        return HttpDeviceClient.open(DeviceHttpOptions.of(connection)
                .https(h -> h.port(hub.httpsPort()).trust(TlsTrust.pem(hub.caFile())))
                .build());
    }

    private static List<EventLog.Stored> events(Identity from) {
        EventLog log = hub.engine().events();
        return IntStream.range(0, log.partitions())
                .boxed()
                .flatMap(p -> log.read(p, 0, 10_000).stream())
                .filter(e -> e.source().equals(from))
                .toList();
    }

    private static void enqueue(Identity device, String body) {
        hub.engine().c2d().enqueue(device, Message.of(body));
    }

    @Test
    void events_arrive_as_they_were_sent_of_devices_and_of_modules() {
        create(Identity.device("sends"));
        for (Identity identity : List.of(Identity.device("sends"), create(Identity.module("sends", "mod")))) {
            Message said = Message.builder(new byte[] {0, (byte) 0xff, 10})
                    .messageId("m-1")
                    .contentType("application/octet-stream")
                    .property("Mixed-Case", "with = and ; and \"quotes\"")
                    .build();
            try (HttpDeviceClient device = client(identity)) {
                device.blocking().send(said);
                device.blocking().sendBatch(List.of(said, Message.of("second")));
            }
            assertThat(events(identity)).extracting(EventLog.Stored::message).contains(said, Message.of("second"));
            assertThat(events(identity)).hasSize(3);
        }
    }

    @Test
    void a_certificate_is_as_good_as_a_key_and_a_strange_one_is_not() {
        X509Identity known = new TestCa("device CA").clientIdentity("shows");
        X509Identity strange = new TestCa("device CA").clientIdentity("shows");
        Identity identity = Identity.device("shows");
        hub.engine()
                .registry()
                .create(
                        identity,
                        Json.parseObject(
                                "device",
                                "{\"authentication\":{\"type\":\"selfSigned\",\"x509Thumbprint\":{\"primaryThumbprint\":\""
                                        + known.thumbprint() + "\"}}}"));
        try (HttpDeviceClient device = shows(identity, known);
                HttpDeviceClient impostor = shows(identity, strange)) {
            device.blocking().send(Message.of("it is me"));
            refused(ErrorCode.UNAUTHORIZED, () -> impostor.blocking().send(Message.of("it is me, too")));
        }
        assertThat(events(identity)).hasSize(1);
    }

    private static HttpDeviceClient shows(Identity identity, X509Identity certificate) {
        return HttpDeviceClient.open(DeviceHttpOptions.of(hub.host(), identity, certificate)
                .https(h -> h.port(hub.httpsPort()).trust(TlsTrust.pem(hub.caFile())))
                .build());
    }

    @Test
    void what_cannot_be_sent_is_said_before_it_is() {
        Identity identity = create(Identity.device("careful"));
        try (HttpDeviceClient device = client(identity)) {
            assertThatThrownBy(() -> device.sendBatch(List.of())).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> device.sendBatch(List.of(
                            Message.of("fine"),
                            Message.builder("x").messageId("not\tone").build())))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("element 1");
            assertThatThrownBy(() ->
                            device.send(Message.builder("x").property("k", "ü").build()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("U+00FC");
        }
        create(Identity.module("careful", "mod"));
        try (HttpDeviceClient module = client(Identity.module("careful", "mod"))) {
            assertThatThrownBy(() -> module.files().initiate("f"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("only devices");
        }
        assertThat(events(identity)).isEmpty();
    }

    @Test
    void a_lock_is_good_once_and_its_end_is_known() {
        Identity identity = create(Identity.device("locks"));
        enqueue(identity, "hello");
        try (HttpDeviceClient device = client(identity)) {
            LockedMessage held = device.blocking().receive().orElseThrow();
            assertThat(held.lockedUntil())
                    .isBetween(
                            hub.engine().clock().instant().plusSeconds(30),
                            hub.engine().clock().instant().plusSeconds(60));
            assertThat(device.blocking().receive()).isEmpty();
            device.blocking().abandon(held.lockToken());
            refused(ErrorCode.PRECONDITION_FAILED, () -> device.blocking().complete(held.lockToken()));
            LockedMessage again = device.blocking().receive().orElseThrow();
            assertThat(again.deliveryCount()).isEqualTo(1);
            assertThat(again.sequenceNumber()).isEqualTo(held.sequenceNumber());
            device.blocking().reject(again.lockToken());
            assertThat(device.blocking().receive()).isEmpty();
        }
    }

    @Test
    void polling_takes_all_that_waits_and_settles_as_the_handler_says() {
        Identity identity = create(Identity.device("polls"));
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        List.of("done", "bad", "again", "broken").forEach(body -> enqueue(identity, body));
        try (HttpDeviceClient device = client(identity)) {
            C2dPolling polling = device.poll(Duration.ofMillis(50), received -> {
                String body = received.message().text();
                boolean first = !seen.contains(body);
                seen.add(body);
                if (body.equals("broken") && first) {
                    throw new IllegalStateException("the handler's own fault");
                }
                if (body.equals("bad")) {
                    return Settlement.REJECT;
                }
                return body.equals("again") && first ? Settlement.ABANDON : Settlement.COMPLETE;
            });
            await().until(() -> hub.engine().c2d().pending(identity) == 0);
            assertThat(seen).containsExactlyInAnyOrder("done", "bad", "again", "again", "broken", "broken");
            enqueue(identity, "later");
            await().until(() -> seen.contains("later"));
            polling.close();
            assertThat(polling.ended()).isCompleted();
        }
    }

    @Test
    void polling_goes_by_the_recommended_interval_and_ends_with_a_refusal_that_stays() {
        Identity identity = create(Identity.device("refused"));
        try (HttpDeviceClient device =
                client(ConnectionString.ofIdentity(hub.host(), identity, SymmetricKey.ofBytes(new byte[32])))) {
            C2dPolling polling = device.poll(received -> Settlement.COMPLETE);
            assertThat(polling.interval()).isEqualTo(Duration.ofMinutes(25));
            assertThatThrownBy(() -> polling.ended().get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(HubwireException.class);
        }
    }

    @Test
    void a_closed_client_leaves_no_thread_and_takes_no_call() {
        Identity identity = create(Identity.device("closes"));
        HttpDeviceClient device = client(identity);
        device.blocking().send(Message.of("x"));
        C2dPolling polling = device.poll(received -> Settlement.COMPLETE);
        device.close();
        device.close();
        assertThat(polling.ended()).isCompleted();
        assertThatThrownBy(() -> device.send(Message.of("y"))).isInstanceOf(IllegalStateException.class);
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.equals("hubwire-device-poll-" + identity)));
    }

    private static void refused(ErrorCode code, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(HubwireException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }
}
