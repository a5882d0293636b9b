package io.hubwire.localhub.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.engine.IncomingDelivery;
import org.apache.qpid.protonj2.engine.OutgoingDelivery;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.UnknownDescribedType;
import org.apache.qpid.protonj2.types.UnsignedLong;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What no well-behaved client sends: it is told so, or its connection ends with a reason, and the others are served. */
@Timeout(60)
class BadInputTest {
    private static final String PARTITION = "events/ConsumerGroups/$Default/Partitions/2";

    private final AmqpTestHub hub = new AmqpTestHub();

    @AfterEach
    void stop() {
        hub.close();
    }

    private void assertThatOthersAreServed() {
        hub.telemetry("dev1", "still there");
        WirePeer other = hub.trusted();
        Receiver reader = other.reader(null);
        reader.addCredit(1_000);
        other.settle();
        assertThat(other.bodies(reader)).as("others are served").endsWith("still there");
    }

    @ParameterizedTest
    @CsvSource({
        "00000007020000, a frame smaller than its own head",
        "7fffffff02000000, a frame larger than agreed on",
        "0000000801000000, a data offset within the head",
        "00000008ff000000, a data offset behind the end",
        "0000000c02010000005341 45, a frame of SASL after its time",
        "0000000c02090000005318 45, an unknown kind of frame",
        "000000090200000040, a body that is null",
        "0000000c02000000005399 45, an unknown performative",
        "0000000d02000000005318 c0ff, a list that ends before it says",
        "0000000c0200000000531045, a second Open without a container id",
        "0000000c02000000005311 45, a Begin without its windows",
        "0000000c02000000005312 45, an Attach without a name",
        "0000000c02000000005314 45, a Transfer without a handle"
    })
    void a_frame_that_breaks_the_protocol_ends_the_connection_with_a_reason(String frame, String what) {
        WirePeer peer = hub.trusted();
        peer.raw(HexFormat.of().parseHex(frame.replace(" ", "")));
        assertThat(peer.server.isOver()).as(what).isTrue();
        assertThat(peer.connection.getRemoteCondition()).as(what).isNotNull();
        assertThatOthersAreServed();
    }

    /** Each conversation has some bytes changed; whatever comes of it, it comes to an end and touches nobody else. */
    @Test
    void hundreds_of_damaged_conversations_harm_nobody() {
        hub.device("dev1");
        List<byte[]> recorded = WirePeer.recordedConversation(hub);
        assertThat(recorded.size()).isGreaterThan(5);
        Random random = new Random(6);
        for (int round = 0; round < 300; round++) {
            WirePeer peer = new WirePeer(hub.context);
            for (byte[] turn : recorded) {
                byte[] damaged = turn.clone();
                for (int i = random.nextInt(3); i > 0; i--) {
                    damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                }
                peer.rawToServer(damaged);
            }
            peer.server.tick(0);
            peer.server.gone();
        }
        assertThatOthersAreServed();
    }

    static Stream<Object> wrongSelectors() {
        return Stream.of(
                7,
                true,
                new byte[] {1},
                List.of("amqp.annotation.x-opt-offset > '-1'"),
                new UnknownDescribedType(UnsignedLong.valueOf(0x468C00000004L), 7L),
                "",
                "amqp.annotation.x-opt-offset > '",
                "amqp.annotation.x-opt-sequence-number > 'seven'",
                "amqp.annotation.x-opt-enqueued-time > '99999999999999999999'",
                "amqp.annotation.x-opt-offset > '-1' OR 1=1",
                "x".repeat(30_000));
    }

    @ParameterizedTest
    @MethodSource("wrongSelectors")
    void a_selector_of_another_type_or_form_is_an_argument_error_and_the_session_goes_on(Object selector) {
        WirePeer peer = hub.trusted();
        Receiver link = peer.receiver(peer.newSession(), PARTITION, selector, null);
        assertThat(WirePeer.condition(link)).isEqualTo("com.microsoft:argument-error");
        assertThat(link.getRemoteCondition().getDescription().length()).isLessThan(500);
        assertThat(peer.reader(null).isRemotelyOpen()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        PARTITION + ", amqp:not-allowed",
        "messages/events, amqp:not-allowed",
        "messages/servicebound/feedback, amqp:not-allowed",
        "nowhere, amqp:not-found",
        "'', amqp:not-found"
    })
    void nothing_can_be_sent_to_what_only_gives(String address, String expected) {
        Sender link = hub.trusted().sender(address);
        assertThat(WirePeer.condition(link)).isEqualTo(expected);
        assertThat(link.<Target>getRemoteTarget()).isNull();
    }

    @Test
    void an_expired_a_foreign_and_a_devices_token_are_refused_with_401_and_give_no_rights() {
        hub.device("dev1");
        WirePeer peer = hub.bare();
        String expired = hub.token("service", "localhost", Duration.ofMinutes(-6));
        String foreign = hub.token("service", "localhost").replaceFirst("sig=[^&]+", "sig=AAAA");
        String device = hub.token("service", "localhost/devices/dev1").replaceFirst("&skn=service", "");
        for (String token : List.of(expired, foreign, device, "SharedAccessSignature", "SharedAccessSignature sr=x")) {
            assertThat(peer.putToken("localhost", token)).isIn("Integer:401", "Integer:400");
            assertThat(WirePeer.condition(peer.reader(null))).isEqualTo("amqp:unauthorized-access");
        }
        assertThatOthersAreServed();
    }

    @Test
    void a_peer_that_fetches_no_answers_gets_no_more_credit_to_ask_until_it_does() {
        WirePeer peer = hub.trusted();
        Receiver replies = peer.receiver("$management");
        Sender requests = peer.sender("$management");
        int asked = 0;
        while (requests.isSendable() && asked < 1_000) {
            peer.send(
                    requests,
                    peer.message(
                            Map.of("operation", "READ", "type", "com.microsoft:eventhub", "name", "events"),
                            null,
                            "id-" + asked++));
        }
        assertThat(asked).isEqualTo(100);
        replies.addCredit(1_000);
        peer.settle();
        assertThat(peer.arrived.get(replies)).hasSize(100);
        assertThat(requests.isSendable()).isTrue();
        assertThatOthersAreServed();
    }

    @Test
    void a_request_too_large_for_a_token_or_a_question_cuts_the_link_and_not_the_connection() {
        WirePeer peer = hub.trusted();
        Sender requests = peer.sender("$cbs");
        OutgoingDelivery delivery = requests.next().setTag(new byte[] {1});
        for (int i = 0; i < 4 && requests.isRemotelyOpen(); i++) {
            delivery.streamBytes(ProtonBufferAllocator.defaultAllocator().copy(new byte[30_000]));
            peer.settle();
        }
        assertThat(WirePeer.condition(requests)).isEqualTo("amqp:link:message-size-exceeded");
        assertThat(peer.reader(null).isRemotelyOpen()).isTrue();
    }

    @Test
    void a_reader_that_never_settles_is_given_twenty_thousand_events_and_no_more() {
        for (int i = 0; i < 20_200; i++) {
            hub.telemetry("dev1", "");
        }
        WirePeer peer = hub.trusted();
        List<IncomingDelivery> kept = new ArrayList<>();
        Receiver reader = peer.reader(null);
        reader.deliveryReadHandler(delivery -> {
            delivery.readAll();
            kept.add(delivery);
        });
        reader.addCredit(100_000);
        peer.settle();
        assertThat(kept.size()).isEqualTo(20_000);
        kept.forEach(delivery -> delivery.settle());
        peer.settle();
        assertThat(kept.size()).isEqualTo(20_200);
    }

    @Test
    void a_connection_has_so_many_links_and_then_no_more() {
        WirePeer peer = hub.trusted();
        List<Receiver> links = new ArrayList<>();
        var session = peer.newSession();
        var second = peer.newSession();
        var third = peer.newSession();
        for (int i = 0; i < 1_000; i++) {
            links.add(peer.receiver(session, "$management", null, null));
            links.add(peer.receiver(second, "$management", null, null));
        }
        for (int i = 0; i < 60; i++) {
            links.add(peer.receiver(third, "$management", null, null));
        }
        assertThat(links.subList(0, 2_048)).allMatch(Receiver::isRemotelyOpen);
        assertThat(WirePeer.condition(links.get(links.size() - 1))).isEqualTo("amqp:resource-limit-exceeded");
        assertThatOthersAreServed();
    }

    @Test
    void an_epoch_that_is_no_number_is_none() {
        WirePeer peer = hub.trusted();
        Receiver link = peer.receiver(
                peer.newSession(), PARTITION, null, Map.of(Symbol.valueOf("com.microsoft:epoch"), "high"));
        assertThat(link.isRemotelyOpen()).isTrue();
        assertThat(peer.reader(0L).isRemotelyOpen()).isTrue();
        peer.settle();
        assertThat(WirePeer.condition(link)).isEqualTo("amqp:link:stolen");
    }
}
