package io.hubwire.localhub.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading partitions: credit, starts, epochs, large events. */
@Timeout(30)
class PartitionReaderTest {
    private final AmqpTestHub hub = new AmqpTestHub();

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void hands_out_events_on_credit_only_and_in_order() {
        hub.telemetry("dev1", "a");
        hub.telemetry("dev1", "b");
        hub.telemetry("dev1", "c");
        WirePeer peer = hub.trusted();
        Receiver reader = peer.reader(null);
        peer.settle();
        assertThat(peer.bodies(reader)).isEmpty();

        reader.addCredit(2);
        peer.settle();
        assertThat(peer.bodies(reader)).containsExactly("a", "b");

        reader.addCredit(5);
        peer.settle();
        hub.telemetry("dev1", "d");
        peer.settle();
        assertThat(peer.bodies(reader)).containsExactly("a", "b", "c", "d");
        assertThat(peer.arrived
                        .get(reader)
                        .get(3)
                        .sections()
                        .get("message-annotations")
                        .toString())
                .contains("iothub-connection-device-id=String:dev1")
                .contains("x-opt-sequence-number=Long:3");
    }

    @Test
    void drains_a_reader_that_asks_for_it() {
        hub.telemetry("dev1", "a");
        WirePeer peer = hub.trusted();
        Receiver reader = peer.reader(null);
        reader.addCredit(10);
        peer.settle();
        reader.drain();
        peer.settle();
        assertThat(reader.getCredit()).isZero();
        assertThat(reader.isDraining()).isFalse();
        assertThat(peer.bodies(reader)).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({
        "amqp.annotation.x-opt-offset > '-1', abc",
        "amqp.annotation.x-opt-offset > '@latest', ''",
        "amqp.annotation.x-opt-sequence-number > '0', bc",
        "amqp.annotation.x-opt-sequence-number >= '1', bc",
        "amqp.annotation.x-opt-enqueued-time > '1767225600000', bc",
        "amqp.annotation.x-opt-enqueuedtimeutc >= 1767225600000, abc"
    })
    void starts_where_the_selector_says(String selector, String expected) {
        hub.telemetry("dev1", "a");
        hub.time.advance(Duration.ofSeconds(1));
        hub.telemetry("dev1", "b");
        hub.time.advance(Duration.ofSeconds(1));
        hub.telemetry("dev1", "c");
        WirePeer peer = hub.trusted();
        Receiver reader = peer.receiver(peer.newSession(), "events/ConsumerGroups/cg1/Partitions/2", selector, null);
        reader.addCredit(10);
        peer.settle();
        assertThat(String.join("", peer.bodies(reader))).isEqualTo(expected);
        hub.telemetry("dev1", "d");
        peer.settle();
        assertThat(String.join("", peer.bodies(reader))).isEqualTo(expected + "d");
    }

    @ParameterizedTest
    @CsvSource({
        "events/ConsumerGroups/nobody/Partitions/2, amqp:not-found",
        "events/ConsumerGroups/$Default/Partitions/4, com.microsoft:argument-out-of-range",
        "events/ConsumerGroups/$Default/Partitions/-1, com.microsoft:argument-out-of-range",
        "events/ConsumerGroups/$Default/Partitions/02, com.microsoft:argument-out-of-range",
        "other/ConsumerGroups/$Default/Partitions/2, amqp:not-found",
        "nowhere, amqp:not-found",
        "'', amqp:not-found"
    })
    void refuses_to_read_from_what_is_not_there(String address, String expected) {
        Receiver link = hub.trusted().receiver(address);
        assertThat(WirePeer.condition(link)).isEqualTo(expected);
        assertThat(link.getRemoteSource()).isNull();
    }

    @Test
    void refuses_a_malformed_selector() {
        WirePeer peer = hub.trusted();
        Receiver link = peer.receiver(
                peer.newSession(), "events/ConsumerGroups/$Default/Partitions/2", "x-opt-offset = 1", null);
        assertThat(WirePeer.condition(link)).isEqualTo("com.microsoft:argument-error");
    }

    @Test
    void a_higher_or_equal_epoch_takes_the_partition_over() {
        WirePeer first = hub.trusted();
        WirePeer second = hub.trusted();
        Receiver low = first.reader(1L);
        assertThat(WirePeer.condition(first.reader(null))).isEqualTo("amqp:link:stolen");
        assertThat(WirePeer.condition(second.reader(0L))).isEqualTo("amqp:link:stolen");

        Receiver equal = second.reader(1L);
        first.settle();
        assertThat(WirePeer.condition(low)).isEqualTo("amqp:link:stolen");
        assertThat(equal.isRemotelyOpen()).isTrue();

        Receiver higher = first.reader(7L);
        second.settle();
        assertThat(WirePeer.condition(equal)).isEqualTo("amqp:link:stolen");
        assertThat(higher.isRemotelyOpen()).isTrue();
    }

    @Test
    void five_readers_without_an_epoch_share_a_partition_and_one_with_an_epoch_ends_them() {
        WirePeer peer = hub.trusted();
        List<Receiver> readers = java.util.stream.IntStream.range(0, 5)
                .mapToObj(i -> peer.reader(null))
                .toList();
        assertThat(readers).allMatch(Receiver::isRemotelyOpen);
        assertThat(WirePeer.condition(peer.reader(null))).isEqualTo("amqp:resource-limit-exceeded");
        readers.get(0).close();
        peer.settle();
        assertThat(peer.reader(null).isRemotelyOpen()).isTrue();

        assertThat(peer.reader(3L).isRemotelyOpen()).isTrue();
        assertThat(WirePeer.condition(readers.get(4))).isEqualTo("amqp:link:stolen");
    }

    @Test
    void a_message_of_many_frames_arrives_whole() {
        String large = "x".repeat(200_000);
        hub.telemetry("dev1", large);
        WirePeer peer = hub.trusted();
        Receiver reader = peer.reader(null);
        reader.addCredit(1);
        peer.settle();
        assertThat(peer.bodies(reader)).containsExactly(large);
    }

    @Test
    void several_links_of_one_session_share_a_small_window_and_none_starves() {
        WirePeer peer = hub.trusted();
        Session small =
                peer.connection.session().setIncomingCapacity(128 * 1024).open();
        peer.settle();
        Receiver one = peer.receiver(small, "events/ConsumerGroups/$Default/Partitions/2", null, null);
        Receiver two = peer.receiver(small, "events/ConsumerGroups/cg1/Partitions/2", null, null);
        one.addCredit(100);
        two.addCredit(100);
        for (int i = 0; i < 50; i++) {
            hub.telemetry("dev1", "y".repeat(50_000));
        }
        peer.settle();
        assertThat(peer.bodies(one)).hasSize(50);
        assertThat(peer.bodies(two)).hasSize(50);
    }
}
