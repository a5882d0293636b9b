package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.mqtt.link.ClientThreads;
import io.hubwire.mqtt.link.TcpRoute;
import io.hubwire.mqtt.link.TlsWire;
import io.hubwire.mqtt.paho.PahoLinks;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.Test;

/** Where the hub's name leads to, from one attempt to the next. */
class NameLookupTest extends ConversationTest {
    private static final Identity DEVICE = Identity.device("dev1");

    /** Knows a name from some time on, and then under another address each time it is asked. */
    private static final class MovingName implements TcpRoute.Lookup {
        final Deque<String> asked = new ConcurrentLinkedDeque<>();
        private final Deque<List<String>> answers;

        /** @param answers the addresses to give, one list for each lookup; an empty one stands for an unknown name */
        MovingName(List<List<String>> answers) {
            this.answers = new ConcurrentLinkedDeque<>(answers);
        }

        @Override
        public InetAddress[] addressesOf(String host) throws UnknownHostException {
            asked.add(host);
            List<String> addresses = answers.size() > 1 ? answers.poll() : answers.peek();
            if (addresses.isEmpty()) {
                throw new UnknownHostException(host);
            }
            InetAddress[] found = new InetAddress[addresses.size()];
            for (int i = 0; i < found.length; i++) {
                found[i] = InetAddress.getByName(addresses.get(i));
            }
            return found;
        }
    }

    private HubClient client(TcpRoute.Lookup names) {
        ClientOptions options = options().build();
        PahoLinks links = new PahoLinks(
                () -> new TlsWire(
                        "localhost",
                        hub.port(),
                        options.trust().context(),
                        Duration.ofSeconds(5),
                        TcpRoute.direct(names)),
                options.environment().timer(),
                ClientThreads.named("hubwire dev1 link"));
        Credentials credentials = Credentials.of(ClientCredentials.keys(HubAddress.of("hub.example"), DEVICE, KEY));
        HubClient client = new HubClient(
                DEVICE,
                "user",
                credentials,
                options,
                links,
                options.environment().clock()::instant);
        AutoCloseable atEnd = client::close;
        closing(atEnd);
        client.listen(changes::add);
        return client;
    }

    @Test
    void each_attempt_looks_the_name_up_anew_and_goes_where_it_leads_by_then() {
        MovingName name = new MovingName(List.of(
                List.of(), // not known
                List.of("::1"), // nobody listens there
                List.of("::1", "127.0.0.1"), // the second one does
                List.of(), // the hub fails over
                List.of("127.0.0.1")));
        HubClient client = client(name);
        CompletableFuture<Void> connecting = client.connect();
        Conversation first = hub.acceptSession();
        connecting.join();
        assertThat(name.asked).containsExactly("localhost", "localhost", "localhost");
        first.reset();
        hub.acceptSession();
        await().untilAsserted(() -> assertThat(changes.stream().map(ConnectionChange::state))
                .filteredOn(ConnectionState.CONNECTED::equals)
                .hasSize(2));
        assertThat(name.asked).hasSize(5).containsOnly("localhost");
    }

    @Test
    void a_name_that_nobody_knows_is_unreachable_and_named() {
        HubClient client = client(new MovingName(List.of(List.of())));
        client.connect();
        await().until(() -> changes.stream().anyMatch(change -> change.state() == ConnectionState.RETRYING));
        ConnectionChange retrying = changes.stream()
                .filter(change -> change.state() == ConnectionState.RETRYING)
                .findFirst()
                .orElseThrow();
        assertThat(retrying.reason()).isEqualTo(ChangeReason.UNREACHABLE);
        assertThat(retrying.cause().code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(retrying.cause()).hasMessageContaining("localhost");
    }
}
