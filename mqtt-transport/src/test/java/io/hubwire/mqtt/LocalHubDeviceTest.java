package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.EventLog;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.trace.WireTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A device at a real hub: what it does is looked at from the other side. */
class LocalHubDeviceTest extends LocalHubTest {
    @Test
    void telemetry_arrives_with_all_its_properties_and_in_order() {
        DeviceClient device = device();
        device.connect().join();
        List<CompletableFuture<SendResult>> sent = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            sent.add(device.send(Message.builder("{\"n\":" + i + "}")
                    .messageId("m-" + i)
                    .correlationId("c/" + i + "?&=%+ü")
                    .contentType("application/json")
                    .contentEncoding("utf-8")
                    .property("hard ü&=/+%#?$", "value ü&=/+%#?$")
                    .property("empty", "")
                    .build()));
        }
        sent.forEach(CompletableFuture::join);
        List<EventLog.Stored> events = eventsOf(identity);
        assertThat(events).hasSize(1000);
        for (int i = 0; i < 1000; i++) {
            Message message = events.get(i).message();
            assertThat(message.messageId()).contains("m-" + i);
            assertThat(message.text()).isEqualTo("{\"n\":" + i + "}");
            assertThat(message.correlationId()).contains("c/" + i + "?&=%+ü");
            assertThat(message.properties()).containsEntry("hard ü&=/+%#?$", "value ü&=/+%#?$");
        }
    }

    @Test
    void the_largest_message_arrives_and_one_byte_more_is_refused_before_it_is_sent() {
        DeviceClient device = device();
        device.connect().join();
        device.send(Message.builder(new byte[262_144]).build()).join();
        assertThat(eventsOf(identity).get(0).message().bodyLength()).isEqualTo(262_144);
        CompletableFuture<SendResult> tooLarge =
                device.send(Message.builder(new byte[262_145]).build());
        assertThat(ConversationTest.codeOf(tooLarge)).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(device.connectionState()).isEqualTo(ConnectionState.CONNECTED);
    }

    @Test
    void cloud_messages_are_completed_after_the_handler_and_kept_when_it_fails() throws Exception {
        BlockingQueue<ReceivedMessage> seen = new LinkedBlockingQueue<>();
        DeviceClient device = device();
        device.onMessage(message -> {
            seen.add(message);
            if (message.message().text().equals("fail")) {
                throw new IllegalStateException("asked for");
            }
        });
        device.connect().join();
        hub.engine()
                .c2d()
                .enqueue(
                        identity,
                        Message.builder("hello")
                                .messageId("c-1")
                                .property("p", "v")
                                .build());
        ReceivedMessage first = seen.poll(10, TimeUnit.SECONDS);
        assertThat(first.message().text()).isEqualTo("hello");
        assertThat(first.message().messageId()).contains("c-1");
        assertThat(first.message().properties()).containsEntry("p", "v");
        assertThat(first.message().get(SystemProperty.TO)).contains("/devices/" + identity + "/messages/deviceBound");
        await().untilAsserted(
                        () -> assertThat(hub.engine().c2d().pending(identity)).isZero());

        hub.engine().c2d().enqueue(identity, Message.of("fail"));
        assertThat(seen.poll(10, TimeUnit.SECONDS).message().text()).isEqualTo("fail");
        device.close();
        assertThat(hub.engine().c2d().pending(identity)).isEqualTo(1);
    }

    @Test
    void a_message_that_always_fails_is_given_up_after_a_few_times() throws Exception {
        BlockingQueue<DeadLetter> dead = new LinkedBlockingQueue<>();
        for (int i = 0; i < 2; i++) {
            DeviceClient device = device(options -> options.maxDeliveries(1));
            device.onMessage(message -> {
                throw new IllegalStateException("poison");
            });
            device.onDeadLetter(dead::add);
            device.connect().join();
            if (i == 0) {
                hub.engine().c2d().enqueue(identity, Message.of("poison"));
                assertThat(dead.poll(10, TimeUnit.SECONDS).cause()).hasMessage("poison");
                await().untilAsserted(() ->
                        assertThat(hub.engine().c2d().pending(identity)).isZero());
            }
            device.close();
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void methods_are_answered_by_name_by_default_and_on_failure() {
        DeviceClient device = device();
        device.onMethod("blink", request -> MethodResponse.of(207, "{\"got\":" + request.payload() + "}"));
        device.onMethod(
                "later*slow",
                request -> MethodResponse.ok("\"" + request.component().orElse("") + "\""));
        device.onMethodAsync("async", request -> CompletableFuture.supplyAsync(() -> MethodResponse.of(207)));
        device.onMethod("broken", request -> {
            throw new IllegalStateException("no luck");
        });
        device.connect().join();
        assertThat(invoke(identity, "blink", "[1,2]")).isEqualTo("207 {\"got\":[1,2]}");
        assertThat(invoke(identity, "later*slow", "")).isEqualTo("200 \"later\"");
        assertThat(invoke(identity, "async", "")).isEqualTo("207 ");
        assertThat(invoke(identity, "broken", "{}")).startsWith("500 ").contains("no luck");
        assertThat(invoke(identity, "unknown", "{}")).startsWith("501 ").contains("unknown");
        device.onAnyMethod(request -> CompletableFuture.completedFuture(MethodResponse.of(299)));
        assertThat(invoke(identity, "unknown", "{}")).isEqualTo("299 ");
    }

    @Test
    void the_twin_is_read_reported_and_watched() throws Exception {
        BlockingQueue<DesiredUpdate> updates = new LinkedBlockingQueue<>();
        DeviceClient device = device();
        device.onDesired(updates::add);
        device.connect().join();
        DesiredUpdate start = updates.poll(10, TimeUnit.SECONDS);
        assertThat(start).isEqualTo(new DesiredUpdate(1, "{}", true));

        desire(identity, "{\"name\":\"a\",\"brightness\":3}");
        assertThat(updates.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new DesiredUpdate(2, "{\"name\":\"a\",\"brightness\":3}", false));
        desire(identity, "{\"name\":null}");
        assertThat(updates.poll(10, TimeUnit.SECONDS)).isEqualTo(new DesiredUpdate(3, "{\"name\":null}", false));

        assertThat(device.report("{\"state\":\"on\",\"n\":1}").join()).isEqualTo(2);
        assertThat(device.report("{\"n\":null}").join()).isEqualTo(3);
        Twin twin = device.twin().join();
        assertThat(twin.reported()).isEqualTo(new Twin.Section(3, "{\"state\":\"on\"}"));
        assertThat(twin.desired()).isEqualTo(new Twin.Section(3, "{\"brightness\":3}"));
        ObjectNode seenByBackEnd = hub.engine().twins().get(identity);
        assertThat(seenByBackEnd.at("/properties/reported/state").textValue()).isEqualTo("on");
    }

    @Test
    void a_report_against_the_rules_is_refused_here_and_one_with_an_old_version_there() {
        DeviceClient device = device();
        device.connect().join();
        assertThat(ConversationTest.failureOf(device.report("{\"a b\":1}"))).hasMessageContaining("a b");
        assertThat(ConversationTest.failureOf(device.report("[1]"))).hasMessageContaining("reported");
        assertThat(ConversationTest.failureOf(device.report("{"))).hasMessageContaining("not JSON");
        HubwireException conflict = ConversationTest.failureOf(device.report("{\"a\":1}", 99));
        assertThat(conflict.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED);
        assertThat(((TwinException) conflict).status()).isEqualTo(412);
    }

    @Test
    void what_was_missed_while_away_is_caught_up_with() throws Exception {
        BlockingQueue<DesiredUpdate> updates = new LinkedBlockingQueue<>();
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        DeviceClient first = device();
        first.onMessage(message -> messages.add(message.message().text()));
        first.connect().join();
        first.close();
        hub.engine().c2d().enqueue(identity, Message.of("while away"));
        desire(identity, "{\"k\":1}");
        desire(identity, "{\"k\":2}");

        DeviceClient second = device();
        second.onMessage(message -> messages.add(message.message().text()));
        second.onDesired(updates::add);
        second.connect().join();
        assertThat(messages.poll(10, TimeUnit.SECONDS)).isEqualTo("while away");
        assertThat(updates.poll(10, TimeUnit.SECONDS)).isEqualTo(new DesiredUpdate(3, "{\"k\":2}", true));
        await().untilAsserted(
                        () -> assertThat(hub.engine().c2d().pending(identity)).isZero());
    }

    @Test
    void a_wrong_key_and_an_unknown_device_are_refused() {
        SymmetricKey wrong = SymmetricKey.ofBytes(new byte[32]);
        for (Identity who : List.of(identity, Identity.device("nobody"))) {
            DeviceClient device = device(ConnectionString.ofIdentity(hub.host(), who, wrong), options -> {});
            assertThat(ConversationTest.codeOf(device.connect())).isEqualTo(ErrorCode.UNAUTHORIZED);
        }
    }

    @Test
    void a_second_client_with_the_same_id_takes_over() {
        DeviceClient first = device();
        first.connect().join();
        Queue<ConnectionChange> changes = new ConcurrentLinkedQueue<>();
        first.onConnectionChange(changes::add);
        DeviceClient second = device(options -> options.retry(RetryPolicy.NONE));
        second.connect().join();
        await().untilAsserted(() -> assertThat(changes).anyMatch(c -> c.state() == ConnectionState.RETRYING));
    }

    @Test
    void the_trace_shows_every_packet_and_no_secret() {
        Queue<WireTrace.Event> seen = new ConcurrentLinkedQueue<>();
        DeviceClient device = device(options -> options.trace(seen::add));
        device.connect().join();
        device.send(Message.of("hello")).join();
        device.close();
        assertThat(seen)
                .extracting(e -> e.direction() + " " + e.kind())
                .containsExactly("OUT CONNECT", "IN CONNACK", "OUT PUBLISH", "IN PUBACK", "OUT DISCONNECT");
        String key = hub.deviceConnectionString(identity.deviceId()).replaceAll(".*SharedAccessKey=", "");
        assertThat(seen)
                .allSatisfy(e -> assertThat(e.summary()).doesNotContain(key).doesNotContain("&sig=" + "%"));
        assertThat(seen.peek().summary()).contains(identity.deviceId()).contains("sig=");
    }
}
