package io.hubwire.mqtt.paho;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.mqtt.link.Publication;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {
    private final Acknowledgements acknowledgements = new Acknowledgements(List.of(new Numbered(1)));

    /** A publication that is nothing but its packet id. */
    private record Numbered(int packetId) implements Publication {
        @Override
        public String topic() {
            return "t";
        }

        @Override
        public byte[] body() {
            return new byte[0];
        }

        @Override
        public int qos() {
            return 1;
        }

        @Override
        public void packetId(int id) {
            throw new UnsupportedOperationException();
        }
    }

    private void send(int from, int to) {
        for (int id = from; id <= to; id++) {
            acknowledgements.sent(id, new Numbered(id));
        }
    }

    @Test
    void the_reader_tells_of_a_puback_and_paho_does_not_tell_again() {
        send(2, 2);
        assertThat(acknowledgements.seen(2)).isEqualTo(new Numbered(2));
        assertThat(acknowledgements.completed(2)).isNull();
    }

    @Test
    void when_paho_is_quicker_it_tells_and_the_reader_does_not() {
        send(2, 2);
        assertThat(acknowledgements.completed(2)).isEqualTo(new Numbered(2));
        acknowledgements.told(2);
        assertThat(acknowledgements.seen(2)).isNull();
    }

    @Test
    void knows_what_an_earlier_link_had_sent() {
        assertThat(acknowledgements.seen(1)).isEqualTo(new Numbered(1));
    }

    @Test
    void a_puback_for_nothing_or_for_the_second_time_is_nothing() {
        assertThat(acknowledgements.seen(77)).isNull();
        assertThat(acknowledgements.seen(1)).isNotNull();
        assertThat(acknowledgements.seen(1)).isNull();
    }

    @Test
    void the_rest_is_left_to_paho_when_it_is_behind_and_each_is_told_once_in_order() {
        int all = 100;
        send(2, all);
        List<Integer> told = new ArrayList<>();
        int pahoIsAt = 1;
        for (int id = 1; id <= all; id++) {
            Publication byReader = acknowledgements.seen(id);
            if (byReader != null) {
                told.add(byReader.packetId());
            }
            if (id % 2 == 0) { // Paho manages every other one, in order
                complete(pahoIsAt++, told);
            }
        }
        while (pahoIsAt <= all) {
            complete(pahoIsAt++, told);
        }
        assertThat(told).hasSize(all).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void the_reader_is_never_further_ahead_than_agreed() {
        send(2, 100);
        int early = 0;
        for (int id = 1; id <= 100; id++) {
            early += acknowledgements.seen(id) != null ? 1 : 0;
        }
        assertThat(early).isEqualTo(Acknowledgements.AHEAD);
        for (int id = 1; id <= 100; id++) {
            complete(id, new ArrayList<>());
        }
        send(101, 101);
        assertThat(acknowledgements.seen(101)).isNotNull();
    }

    private void complete(int id, List<Integer> told) {
        Publication byPaho = acknowledgements.completed(id);
        if (byPaho != null) {
            told.add(byPaho.packetId());
            acknowledgements.told(id);
        }
    }
}
