package io.hubwire.localhub.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.types.UnsignedLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections start and what their tokens open, byte by byte and without a socket. */
@Timeout(30)
class ConnectionStartTest {
    private final AmqpTestHub hub = new AmqpTestHub();

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void bare_amqp_gets_rights_by_put_token_only() {
        WirePeer peer = hub.bare();
        assertThat(WirePeer.condition(peer.reader(null))).isEqualTo("amqp:unauthorized-access");

        assertThat(peer.putToken("localhost", hub.token("service", "localhost")))
                .isEqualTo("Integer:200");

        assertThat(peer.reader(null).isRemotelyOpen()).isTrue();
        assertThat(peer.reader(null).getRemoteSource()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ANONYMOUS", "EXTERNAL"})
    void other_mechanisms_let_in_without_rights(String mechanism) {
        WirePeer peer = WirePeer.sasl(hub.context, mechanism, "service", AmqpTestHub.SERVICE_KEY)
                .open();
        assertThat(peer.connection.isRemotelyOpen()).isTrue();
        assertThat(WirePeer.condition(peer.reader(null))).isEqualTo("amqp:unauthorized-access");
    }

    @Test
    void plain_takes_a_policy_and_its_key() {
        WirePeer peer = hub.trusted();
        assertThat(peer.reader(null).isRemotelyOpen()).isTrue();
    }

    @Test
    void plain_takes_a_policy_of_the_hub_and_a_token() {
        WirePeer peer = WirePeer.sasl(
                        hub.context, "PLAIN", "service@sas.root.localhost", hub.token("service", "localhost"))
                .open();
        assertThat(peer.reader(null).isRemotelyOpen()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "service, AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "nobody, AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "service, not base64",
        "service@sas.root.localhost, SharedAccessSignature sr=localhost&sig=AAAA&se=1&skn=service",
        "dev1@sas.localhost, whatever"
    })
    void plain_with_wrong_credentials_is_refused_and_the_connection_ends(String user, String password) {
        WirePeer peer = WirePeer.sasl(hub.context, "PLAIN", user, password).open();
        assertThat(peer.connection.isRemotelyOpen()).isFalse();
        assertThat(peer.server.isOver()).isTrue();
    }

    @Test
    void plain_with_a_policy_that_may_not_connect_as_a_service_is_refused() {
        WirePeer peer = WirePeer.sasl(
                        hub.context,
                        "PLAIN",
                        "registryRead",
                        AmqpTestHub.policy("registryRead").primaryKey().base64())
                .open();
        assertThat(peer.connection.isRemotelyOpen()).isFalse();
    }

    @Test
    void a_token_for_the_entity_opens_what_lies_below_it_whatever_scheme_port_and_case() {
        WirePeer peer = hub.bare();
        assertThat(peer.putToken("amqps://LOCALHOST:5671/Events", hub.token("service", "sb://localhost/events/")))
                .isEqualTo("Integer:200");
        assertThat(peer.reader(null).isRemotelyOpen()).isTrue();
        assertThat(WirePeer.condition(peer.sender("/messages/devicebound"))).isEqualTo("amqp:unauthorized-access");
    }

    @Test
    void a_token_is_good_for_its_own_partition_only() {
        WirePeer peer = hub.bare();
        String partition = "sb://localhost/events/ConsumerGroups/$Default/Partitions/2";
        assertThat(peer.putToken(partition, hub.token("service", partition))).isEqualTo("Integer:200");
        assertThat(peer.reader(null).isRemotelyOpen()).isTrue();
        assertThat(WirePeer.condition(peer.receiver("events/ConsumerGroups/$Default/Partitions/1")))
                .isEqualTo("amqp:unauthorized-access");
    }

    @Test
    void a_token_that_does_not_cover_the_name_is_refused() {
        WirePeer peer = hub.bare();
        assertThat(peer.putToken("localhost", hub.token("service", "sb://localhost/events")))
                .isEqualTo("Integer:401");
        assertThat(peer.putToken("other.example", hub.token("service", "localhost")))
                .isEqualTo("Integer:401");
        assertThat(peer.putToken("localhost", hub.token("device", "localhost"))).isEqualTo("Integer:401");
        assertThat(peer.putToken("localhost", "Bearer eyJ0")).isEqualTo("Integer:401");
        assertThat(peer.putToken("localhost", "")).isEqualTo("Integer:401");
        assertThat(peer.putToken("sb://localhost/other", hub.token("service", "sb://localhost/other")))
                .isEqualTo("Integer:404");
    }

    @Test
    void links_are_cut_ten_minutes_after_their_token_ended_unless_it_was_renewed() {
        WirePeer peer = hub.bare();
        peer.putToken("localhost", hub.token("service", "localhost"));
        Receiver reader = peer.reader(null);
        hub.time.advance(Duration.ofMinutes(60));
        peer.putToken("localhost", hub.token("service", "localhost"));
        hub.time.advance(Duration.ofMinutes(60));
        peer.settle();
        assertThat(reader.isRemotelyOpen()).isTrue();

        hub.time.advance(Duration.ofMinutes(10).plusSeconds(1));
        peer.settle();

        assertThat(WirePeer.condition(reader)).isEqualTo("amqp:unauthorized-access");
        assertThat(WirePeer.condition(peer.reader(null))).isEqualTo("amqp:unauthorized-access");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uuid", "ulong", "string"})
    void answers_carry_the_request_id_in_its_own_type(String type) {
        Object id =
                switch (type) {
                    case "uuid" -> UUID.randomUUID();
                    case "ulong" -> UnsignedLong.valueOf(0);
                    default -> "x";
                };
        Map<String, Object> answer = hub.trusted()
                .request(
                        "$management",
                        Map.of("operation", "READ", "type", "com.microsoft:eventhub", "name", "events"),
                        null,
                        id);
        assertThat(answer.get("properties"))
                .isEqualTo(Map.of("correlation-id", id.getClass().getSimpleName() + ":" + id));
    }

    @Test
    void traces_every_frame_and_no_secret() {
        WirePeer.sasl(hub.context, "PLAIN", "service", AmqpTestHub.SERVICE_KEY).open();
        WirePeer peer = hub.bare();
        String token = hub.token("service", "localhost");
        peer.putToken("localhost", token);
        peer.receiver("amqps://service:" + token.replace("/", "%2F").replace(" ", "%20")
                + "@localhost/events/ConsumerGroups/$Default/Partitions/2");

        assertThat(hub.trace)
                .extracting(event -> event.kind())
                .contains(
                        "SASL-HEADER",
                        "SASL-INIT",
                        "HEADER",
                        "OPEN",
                        "BEGIN",
                        "ATTACH",
                        "FLOW",
                        "TRANSFER",
                        "DISPOSITION");
        assertThat(hub.trace).allSatisfy(event -> assertThat(event.summary())
                .doesNotContain(AmqpTestHub.SERVICE_KEY)
                .doesNotContain("sig")
                .doesNotContain("\n"));
    }
}
