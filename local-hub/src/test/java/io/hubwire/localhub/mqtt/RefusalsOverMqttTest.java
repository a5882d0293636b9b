package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hubwire.localhub.PahoDevice;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Whoever is refused gets what is documented, and the hub's log says why. */
class RefusalsOverMqttTest extends OverMqttTest {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger().addAppender(log);
        broker().addAppender(log);
        logger().setLevel(Level.INFO);
        logger().setAdditive(false);
    }

    @AfterEach
    void leave() {
        logger().setLevel(null);
        logger().detachAppender(log);
        broker().detachAppender(log);
        logger().setAdditive(true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "device1                                        | 3 | it must read host/device/?parameters",
                "localhost/{d}?api-version=2021-04-12           | 3 | write /? behind them",
                "elsewhere.example/{d}/?api-version=2021-04-12  | 5 | host [elsewhere.example] is none of",
                "localhost/nobody/?api-version=2021-04-12       | 5 | client id [{d}] is not that of user name",
            })
    void a_user_name_it_refuses_is_answered_and_logged(String userName, int code, String reason) throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, identity).userName(here(userName))) {
            assertThat(device.refused()).isEqualTo(code);
        }
        assertThat(lines()).anySatisfy(line -> assertThat(line)
                .startsWith("refused CONNECT[client [" + identity + "]")
                .contains(" with code " + code + ": ")
                .contains(here(reason)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "devices/{d}/messages/events/a=b=c                      | =",
                "devices/{d}/messages/events/&a=b                       | &",
                "devices/device1/messages/events/                       | on a connection of [{d}]",
                "$iothub/twin/GET/                                      | $rid",
                "$iothub/twin/PATCH/properties/desired/?$rid=1          | PATCH/properties/reported/ only",
                "$iothub/methods/res/ok/?$rid=1                         | status",
                "somewhere/else                                         | none of the hub's",
            })
    void a_topic_it_refuses_cuts_the_connection_and_is_logged(String topic, String reason) throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, identity)) {
            device.connect();
            device.send(here(topic), "{}", 1);
            assertThat(device.wasCut()).isTrue();
        }
        assertThat(lines()).anySatisfy(line -> assertThat(line)
                .startsWith("cutting the connection of CONNECT[client [" + identity + "]")
                .contains(here(reason)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\"           | 400004",
                "[1]              | 400004",
                "{\"$a\":1}       | 400004",
                "{\"a.b\":1}      | 400004",
                "{\"a\":[null]}   | 400004",
                "{\"a\":4503599627370496} | 400004",
            })
    void a_twin_document_it_refuses_is_answered_and_logged(String document, int error) throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, identity)) {
            device.connect();
            device.subscribe("$iothub/twin/res/#", 0);
            device.publish("$iothub/twin/PATCH/properties/reported/?$rid=1", document);
            PahoDevice.Received answer = device.next();
            assertThat(answer.topic()).isEqualTo("$iothub/twin/res/400/?$rid=1");
            assertThat(answer.body()).contains("\"errorCode\":" + error);
            assertThat(device.isConnected()).isTrue();
        }
        assertThat(lines()).anySatisfy(line -> assertThat(line)
                .startsWith("refused a twin request of [" + identity + "] with " + error));
    }

    /** Bytes after a CONNECT that was accepted. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a second CONNECT            | 10 0e 00 04 4d 51 54 54 04 02 00 3c 00 02 64 31",
                "a packet of type 0          | 00 00",
                "a packet of type 15         | f0 00",
                "QoS 3                       | 36 05 00 01 74 00 01",
                "a length of five bytes      | 30 ff ff ff ff 7f",
                "SUBSCRIBE without a filter  | 82 02 00 01",
                "SUBSCRIBE with half a one   | 82 07 00 01 00 01 61 00 00",
                "a topic with a wildcard     | 30 03 00 01 23",
                "a server's packet           | 20 02 00 00",
                "U+0000 in a request id      | 30 1a 00 18 24 69 6f 74 68 75 62 2f 74 77 69 6e 2f 47 45 54 2f 3f 24 72 69 64 3d 00",
                "the same at QoS 1           | 32 1c 00 18 24 69 6f 74 68 75 62 2f 74 77 69 6e 2f 47 45 54 2f 3f 24 72 69 64 3d 00 00 07",
            })
    void a_packet_that_mqtt_does_not_allow_cuts_the_connection_and_is_logged(String what, String hex) throws Exception {
        try (SilentClient client = SilentClient.connect(hub, identity, 60)) {
            assertThat(client.read(4)).startsWith(0x20);
            client.send(HexFormat.of().parseHex(hex.replace(" ", "")));
            assertThat(client.readToEnd()).as(what).isEmpty();
        }
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(lines())
                .anySatisfy(line -> assertThat(line).contains("cut").contains("CONNECT[client [" + identity + "]")));
    }

    /** Bytes instead of a CONNECT. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUBLISH first               | 30 03 00 01 74",
                "PINGREQ first               | c0 00",
                "CONNECT of a foreign name   | 10 0e 00 04 41 4d 51 50 04 02 00 3c 00 02 64 31",
                "CONNECT of level 9          | 10 0e 00 04 4d 51 54 54 09 02 00 3c 00 02 64 31",
                "CONNECT with a reserved bit | 10 0e 00 04 4d 51 54 54 04 03 00 3c 00 02 64 31",
                "CONNECT cut short           | 10 04 00 04 4d 51",
                "CONNECT with a control char | 10 0e 00 04 4d 51 54 54 04 02 00 3c 00 02 01 31",
                "a length of five bytes      | 10 ff ff ff ff 7f",
            })
    void a_connect_that_mqtt_does_not_allow_is_cut_and_logged(String what, String hex) throws Exception {
        int port;
        try (SilentClient client = SilentClient.open(hub)) {
            port = client.localPort();
            client.send(HexFormat.of().parseHex(hex.replace(" ", "")));
            assertThat(HexFormat.of().formatHex(client.readToEnd())).as(what).isNotEqualTo("20020000");
        }
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(lines()).as(what).anySatisfy(line -> assertThat(line)
                        .contains("127.0.0.1:" + port)
                        .containsAnyOf("cut", "refused")));
    }

    @Test
    void refuses_mqtt_5_with_its_own_reason() throws Exception {
        try (SilentClient client = SilentClient.open(hub)) {
            client.send(HexFormat.of().parseHex("100f00044d5154540502003c0000026431"));
            byte[] connack = client.read(4);
            assertThat(connack[0]).isEqualTo((byte) 0x20);
            assertThat(connack[3]).isEqualTo((byte) 0x84);
        }
        assertThat(lines()).anySatisfy(line -> assertThat(line).contains("protocol level [5] must be 4"));
    }

    @AfterEach
    void nothing_was_thrown() {
        assertThat(log.list)
                .allSatisfy(event -> assertThat(event.getThrowableProxy()).isNull());
    }

    private String here(String text) {
        return text.replace("{d}", identity.deviceId());
    }

    private List<String> lines() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static Logger broker() {
        return (Logger) LoggerFactory.getLogger("com.hivemq");
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.hubwire.localhub.mqtt");
    }
}
