package io.hubwire.localhub.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenerTest {
    private final InetAddress first = InetAddress.getLoopbackAddress();
    private final InetAddress second = address(127, 0, 0, 2);
    private final List<FakeListener> opened = new ArrayList<>();

    /** A listener without a socket. */
    private static final class FakeListener implements Listener {
        private final int port;
        private boolean closed;

        FakeListener(int port) {
            this.port = port;
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void opens_every_address_at_the_port_the_first_one_got() throws IOException {
        List<FakeListener> all = Listener.openAll(List.of(first, second), 0, at -> open(at, 4000));
        assertThat(all).extracting(FakeListener::port).containsExactly(4000, 4000);
    }

    @Test
    void finds_another_port_when_the_second_address_has_it_taken() throws IOException {
        List<FakeListener> all = Listener.openAll(List.of(first, second), 0, at -> {
            if (at.getAddress().equals(second) && at.getPort() == 4000) {
                throw new BindException("Address already in use");
            }
            return open(at, 4000 + opened.size());
        });
        assertThat(all).extracting(FakeListener::port).containsExactly(4001, 4001);
        assertThat(opened.get(0).closed).isTrue();
    }

    @Test
    void names_address_and_port_when_one_is_taken_and_leaves_none_open() {
        assertThatThrownBy(() -> Listener.openAll(List.of(first, second), 8883, at -> {
                    if (at.getAddress().equals(second)) {
                        throw new BindException("Address already in use");
                    }
                    return open(at, 0);
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[127.0.0.2]")
                .hasMessageContaining("[8883]");
        assertThat(opened).hasSize(1).allMatch(l -> l.closed);
    }

    @Test
    void gives_up_when_no_port_is_free_on_all_addresses() {
        assertThatThrownBy(() -> Listener.openAll(List.of(first, second), 0, at -> {
                    if (at.getAddress().equals(second)) {
                        throw new BindException("Address already in use");
                    }
                    return open(at, 4000);
                }))
                .isInstanceOf(IOException.class);
        assertThat(opened).hasSize(Listener.ATTEMPTS).allMatch(l -> l.closed);
    }

    private FakeListener open(InetSocketAddress at, int free) {
        FakeListener listener = new FakeListener(at.getPort() == 0 ? free : at.getPort());
        opened.add(listener);
        return listener;
    }

    private static InetAddress address(int a, int b, int c, int d) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
