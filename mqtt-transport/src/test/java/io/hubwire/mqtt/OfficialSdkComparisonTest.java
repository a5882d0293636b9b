package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hubwire.mqtt.OfficialRecordings.Recorded;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.mqtt.MqttPacket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * For each thing that official SDKs were recorded doing over MQTT, ours sends a packet that means the same. Where it does
 * not, the reason stands here:
 *
 * <ul>
 *   <li>QoS: telemetry at 1, like all. Requests and answers (twin, methods) at 0, like Node, where Python and Java use 1: an
 *       answer repeated after a reconnect helps nobody. Filters are asked for at 1, like Python and Java.
 *   <li>Keep-alive is 240 s; each SDK has its own.
 *   <li>{@code api-version} is 2021-04-12, like Node's; Python and Java say 2019-10-01 and 2020-09-30.
 *   <li>Message ids outside the documented 128 ASCII characters are refused; the SDKs send them.
 *   <li>Java makes up message and correlation ids, names the sender (which the hub overwrites), leaves out empty values and
 *       expiry, subscribes to C2D unasked, and writes fractions of seconds wrongly.
 *   <li>A null in an array is refused, since the hub does: mqtt-device 5.
 *   <li>Method answers without a payload are empty, like Node's; Python and Java send {@code null}.
 *   <li>WebSocket without {@code ?iothub-no-client-cert=true}, which only Java sends.
 * </ul>
 */
class OfficialSdkComparisonTest extends ConversationTest {
    private static final String HUB = "hub.example.azure-devices.net";
    private static final HubAddress ADDRESS = new HubAddress(HUB, "localhost");
    private static final Identity DEVICE = Identity.device("dev-1");
    private static final Identity MODULE = Identity.module("dev-1", "mod-1");
    private static final Identity X509_DEVICE = Identity.device("x509-dev");
    private static final Map<String, SystemProperty> INPUT_NAMES = Map.of(
            "messageId", SystemProperty.MESSAGE_ID,
            "correlationId", SystemProperty.CORRELATION_ID,
            "userId", SystemProperty.USER_ID,
            "contentType", SystemProperty.CONTENT_TYPE,
            "contentEncoding", SystemProperty.CONTENT_ENCODING,
            "creationTimeUtc", SystemProperty.CREATION_TIME,
            "expiryTimeUtc", SystemProperty.EXPIRY,
            "interfaceId", SystemProperty.INTERFACE_ID,
            "componentName", SystemProperty.COMPONENT);
    private static final Set<String> MADE_UP_BY_JAVA = Set.of("$.mid", "$.cid", "$.cdid", "$.cmid");

    private final ObjectMapper json = new ObjectMapper();

    private DeviceClient device(Identity who) {
        return closing(DeviceClient.of(
                ADDRESS,
                who,
                ClientCredentials.keys(ADDRESS, who, KEY),
                options().build()));
    }

    private ModuleClient module() {
        return closing(ModuleClient.of(
                ADDRESS,
                MODULE,
                ClientCredentials.keys(ADDRESS, MODULE, KEY),
                options().build()));
    }

    @Test
    void every_recorded_packet_is_compared_by_one_of_these_tests() {
        List<String> compared = List.of(
                "CONNECT .*/(connect|reconnect)",
                "UPGRADE device-ws/connect",
                "SUBSCRIBE .*/(connect|c2d-subscribe|method-subscribe|twin-get|desired-subscribe|input-subscribe)",
                "PUBLISH .*/telemetry/.*",
                "PUBLISH module/output",
                "PUBLISH device/method-response/.*",
                "PUBLISH .*/(twin-get|reconnect)",
                "PUBLISH device/twin-patch/.*",
                "PUBACK device/c2d-deliver/.*",
                "DISCONNECT .*/(disconnect|shutdown)");
        assertThat(OfficialRecordings.all()).hasSize(183).allSatisfy(r -> assertThat(compared)
                .anyMatch((r.kind() + " " + r.action())::matches));
    }

    @Test
    void connects_say_the_same() {
        for (Recorded r : OfficialRecordings.of("CONNECT", ".*")) {
            ClientOptions.Builder options = options();
            JsonNode theirs = r.packet();
            if (r.action().startsWith("device-model")) {
                options.modelId("dtmi:com:example:Thermostat;1");
            }
            boolean namesProduct = theirs.path("username").asText().contains("My%20Product");
            if (namesProduct) {
                options.productInfo("My Product/1.0 (a&b)");
            }
            MqttPacket.Connect ours = connectOf(client(r, options.build()));
            assertThat(ours.clientId())
                    .as("%s", r)
                    .isEqualTo(theirs.path("clientId").asText());
            assertThat(ours.cleanSession())
                    .isEqualTo(theirs.path("cleanSession").asBoolean());
            assertThat(flags(ours)).isEqualTo(theirs.path("connectFlags").asText());
            assertThat(resource(ours.userName()))
                    .isEqualTo(resource(theirs.path("username").asText()));
            Map<String, String> our = parameters(ours.userName());
            Map<String, String> their = parameters(theirs.path("username").asText());
            assertThat(our.keySet()).as("%s", r).isEqualTo(their.keySet());
            assertThat(our.get("model-id")).isEqualTo(their.get("model-id"));
            assertThat(our.get("api-version")).isGreaterThanOrEqualTo(their.get("api-version"));
            assertThat(our.get("DeviceClientType").contains("My Product/1.0 (a&b)"))
                    .isEqualTo(namesProduct);
            if (ours.password() != null) {
                assertThat(audience(ours.password()))
                        .isEqualTo(audience(theirs.path("password").asText()));
            }
        }
    }

    private AutoCloseable client(Recorded r, ClientOptions options) {
        if (r.action().startsWith("module")) {
            return module();
        }
        if (r.action().startsWith("device-x509")) {
            return closing(DeviceClient.of(
                    ADDRESS,
                    X509_DEVICE,
                    ClientCredentials.certificates(SelfSignedDevice.certificate("x509-dev")),
                    options));
        }
        return closing(DeviceClient.of(ADDRESS, DEVICE, ClientCredentials.keys(ADDRESS, DEVICE, KEY), options));
    }

    private MqttPacket.Connect connectOf(AutoCloseable client) {
        CompletableFuture<Void> connecting = ((IotHubClient) client).connect();
        Conversation link = hub.accept();
        MqttPacket.Connect connect = link.expectConnect();
        link.connAck(false, 0);
        connecting.join();
        return connect;
    }

    private static String flags(MqttPacket.Connect connect) {
        int flags = (connect.userName() != null ? 0x80 : 0)
                | (connect.password() != null ? 0x40 : 0)
                | (connect.will() != null ? 0x04 : 0)
                | (connect.cleanSession() ? 0x02 : 0);
        return "0x" + Integer.toHexString(flags);
    }

    private static String resource(String userName) {
        return userName.substring(0, userName.indexOf('?'));
    }

    private static Map<String, String> parameters(String userName) {
        return Stream.of(userName.substring(userName.indexOf('?') + 1).split("&"))
                .map(p -> p.split("=", 2))
                .collect(Collectors.toMap(p -> p[0], p -> OfficialRecordings.decode(p[1])));
    }

    private static String audience(String maskedToken) {
        return OfficialRecordings.decode(maskedToken.replaceFirst(".*sr=([^&]*).*", "$1"));
    }

    @Test
    void telemetry_means_the_same_in_every_case() {
        Map<Identity, IotHubClient> clients =
                Map.of(DEVICE, device(DEVICE), X509_DEVICE, device(X509_DEVICE), MODULE, module());
        Map<Identity, Conversation> links = new HashMap<>();
        clients.forEach((who, client) -> {
            CompletableFuture<Void> connecting = client.connect();
            links.put(who, hub.acceptSession());
            connecting.join();
        });
        int refused = 0;
        for (Recorded r : OfficialRecordings.of("PUBLISH", ".*/(telemetry/.*|output)")) {
            Identity who = Stream.of(DEVICE, X509_DEVICE, MODULE)
                    .filter(i -> i.resource().equals(OfficialRecordings.sender(r.topic())))
                    .findFirst()
                    .orElseThrow();
            Message message = messageOf(r);
            CompletableFuture<SendResult> sent = r.action().equals("module/output")
                    ? ((ModuleClient) clients.get(who)).send("out put/1", message)
                    : clients.get(who).send(message);
            if (r.action().matches(".*/ids-(nasty|unicode)")) {
                assertThat(codeOf(sent)).as("%s", r).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                refused++;
                continue;
            }
            MqttPacket.Publish ours = links.get(who).expectPublish();
            links.get(who).pubAck(ours.packetId());
            sent.join();
            assertThat(OfficialRecordings.sender(ours.topic())).isEqualTo(OfficialRecordings.sender(r.topic()));
            assertThat(OfficialRecordings.properties(ours.topic())).as("%s", r).isEqualTo(meant(r, message));
            assertThat(ours.payload()).asString(StandardCharsets.UTF_8).isEqualTo(r.payload());
            assertThat(ours.qos()).isEqualTo(r.qos());
            assertThat(ours.dup()).isEqualTo(r.packet().path("dup").asBoolean());
            assertThat(ours.retain()).isEqualTo(r.packet().path("retain").asBoolean());
        }
        assertThat(refused).isEqualTo(6);
    }

    /** The message that the recorded application wanted to send. */
    private static Message messageOf(Recorded r) {
        JsonNode input = r.input();
        if (input.isMissingNode()) { // module/output: the message of "ids", to an output
            return Message.builder(r.payload())
                    .messageId("message_0")
                    .correlationId("correlation_0")
                    .property("Property", "PropMsg_0")
                    .build();
        }
        Message.Builder message = Message.builder(input.path("body").asText());
        input.path("system").fields().forEachRemaining(entry -> {
            if (entry.getKey().equals("security")) {
                message.system(SystemProperty.INTERFACE_ID, "urn:azureiot:Security:SecurityAgent:1");
                if (r.sdk().equals("java")) {
                    message.contentEncoding("application/json"); // which that SDK adds
                }
            } else {
                message.system(INPUT_NAMES.get(entry.getKey()), entry.getValue().asText());
            }
        });
        input.path("properties")
                .forEach(p -> message.property(p.path(0).asText(), p.path(1).asText()));
        return message.build();
    }

    /** The recorded properties without what Java adds, and with what it leaves out or gets wrong. */
    private static Map<String, String> meant(Recorded r, Message message) {
        Map<String, String> recorded = new TreeMap<>(OfficialRecordings.properties(r.topic()));
        if (r.sdk().equals("java")) {
            recorded.keySet()
                    .removeIf(key -> MADE_UP_BY_JAVA.contains(key)
                            && message.get(SystemProperty.byMqttKey(key).orElseThrow())
                                    .isEmpty());
            message.expiry().ifPresent(expiry -> recorded.put("$.exp", expiry));
            message.creationTime().ifPresent(time -> recorded.put("$.ctime", time));
            message.properties().forEach((name, value) -> {
                if (value != null && value.isEmpty()) {
                    recorded.put(name, "");
                }
            });
        }
        return recorded;
    }

    @Test
    void subscriptions_are_to_the_same_filters() {
        for (Recorded r : OfficialRecordings.of("SUBSCRIBE", ".*")) {
            Set<String> theirs = r.packet().path("subscriptions").findValuesAsText("topic").stream()
                    .collect(Collectors.toSet());
            IotHubClient client = r.action().startsWith("module")
                    ? module()
                    : device(r.action().startsWith("device-x509") ? X509_DEVICE : DEVICE);
            CompletableFuture<Void> connecting = client.connect();
            Conversation link = hub.acceptSession();
            connecting.join();
            assertThat(theirs).hasSize(1);
            askFor(theirs.iterator().next(), client);
            MqttPacket.Subscribe ours = link.grantSubscribe();
            assertThat(ours.filters())
                    .as("%s", r)
                    .extracting(MqttPacket.Filter::filter)
                    .containsExactlyElementsOf(theirs);
            assertThat(ours.filters()).extracting(MqttPacket.Filter::qos).containsOnly(1);
            client.close();
        }
    }

    /** Does what an application does that needs this filter. */
    private static void askFor(String filter, IotHubClient client) {
        if (filter.startsWith("$iothub/methods/")) {
            client.onMethod("m", request -> MethodResponse.of(200));
        } else if (filter.startsWith("$iothub/twin/res/")) {
            client.twin();
        } else if (filter.startsWith("$iothub/twin/PATCH/")) {
            client.onDesired(update -> {});
        } else if (filter.endsWith("/inputs/#")) {
            ((ModuleClient) client).onAnyInput(message -> {});
        } else if (client instanceof ModuleClient module) {
            module.onMessage(message -> {});
        } else {
            ((DeviceClient) client).onMessage(message -> {});
        }
    }

    @Test
    void method_answers_are_the_same() throws IOException {
        BlockingQueue<MethodRequest> seen = new LinkedBlockingQueue<>();
        Map<String, MethodResponse> answers = new HashMap<>();
        DeviceClient client = device(DEVICE);
        client.onAnyMethod(request -> {
            seen.add(request);
            return CompletableFuture.completedStage(answers.get(request.name()));
        });
        Conversation link = connectAndGrant(client);
        int number = 0;
        for (Recorded r : OfficialRecordings.of("PUBLISH", "device/method-response/.*")) {
            JsonNode input = r.input();
            String name = input.path("method").asText();
            JsonNode wanted = input.path("response");
            String rid = input.path("rid").asText() + "-" + number++; // no two calls of a connection have the same
            answers.put(
                    name,
                    wanted.isNull()
                            ? MethodResponse.of(input.path("status").asInt())
                            : MethodResponse.of(input.path("status").asInt(), wanted.toString()));
            link.publish(
                    "$iothub/methods/POST/" + name + "/?$rid=" + rid,
                    input.path("payload").asText());
            MqttPacket.Publish ours = link.expectPublish();
            assertThat(ours.topic())
                    .as("%s", r)
                    .isEqualTo(r.topic().replace("$rid=" + input.path("rid").asText(), "$rid=" + rid));
            if (wanted.isNull()) {
                assertThat(ours.payload()).isEmpty();
            } else { // numbers by value: Java writes 5.0 for 5
                assertThat(json.readTree(ours.payload()).toString().replace(".0", ""))
                        .isEqualTo(json.readTree(r.payload()).toString().replace(".0", ""));
            }
            assertThat(ours.qos()).isZero();
            assertThat(ours.retain()).isFalse();
            assertThat(seen.poll().payload()).isEqualTo(input.path("payload").asText());
        }
    }

    @Test
    void twin_requests_are_the_same() throws IOException {
        DeviceClient client = device(DEVICE);
        Conversation link = connect(client);
        client.twin();
        link.grantSubscribe();
        MqttPacket.Publish get = link.expectPublish();
        for (Recorded r : OfficialRecordings.of("PUBLISH", ".*/(twin-get|reconnect)")) {
            assertThat(withoutId(get.topic())).as("%s", r).isEqualTo(withoutId(r.topic()));
            assertThat(get.payload()).asString().isEqualTo(r.payload().strip());
        }
        int refused = 0;
        for (Recorded r : OfficialRecordings.of("PUBLISH", "device/twin-patch/.*")) {
            CompletableFuture<Long> reported =
                    client.report(r.input().path("patch").toString());
            if (r.action().endsWith("-null")) {
                assertThat(codeOf(reported)).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                refused++;
                continue;
            }
            MqttPacket.Publish ours = link.expectPublish();
            assertThat(withoutId(ours.topic())).as("%s", r).isEqualTo(withoutId(r.topic()));
            assertThat(json.readTree(ours.payload())).isEqualTo(json.readTree(r.payload()));
            assertThat(ours.qos()).isZero();
        }
        assertThat(refused).isEqualTo(3);
    }

    private static String withoutId(String topic) {
        return topic.replaceFirst("\\$rid=[A-Za-z0-9-]+$", "\\$rid=");
    }

    @Test
    void messages_from_the_cloud_are_acknowledged_and_read_the_same() throws InterruptedException {
        BlockingQueue<ReceivedMessage> seen = new LinkedBlockingQueue<>();
        DeviceClient client = device(DEVICE);
        client.onMessage(seen::add);
        Conversation link = connectAndGrant(client);
        for (Recorded r : OfficialRecordings.of("PUBACK", "device/c2d-deliver/.*")) {
            boolean full = r.action().endsWith("/full");
            String to = "%24.to=%2Fdevices%2Fdev-1%2Fmessages%2FdeviceBound";
            int packetId = r.packet().path("packetId").asInt();
            link.publish(
                    "devices/dev-1/messages/devicebound/"
                            + (full
                                    ? "%24.mid=mid%201&" + to
                                            + "&%24.cid=cid%2F1&%24.uid=u%2B1&%24.ct=application%2Fjson"
                                            + "&%24.ce=utf-8&iothub-ack=full&k%20e%20y=v%26a%3Dl&%D0%BA=%C3%A4"
                                    : to),
                    1,
                    packetId,
                    false,
                    "{\"a\":1}");
            assertThat(((MqttPacket.Acknowledgement) link.expect("PUBACK")).packetId())
                    .isEqualTo(packetId);
            Message message = seen.poll(10, TimeUnit.SECONDS).message();
            assertThat(message.get(SystemProperty.TO)).contains("/devices/dev-1/messages/deviceBound");
            if (full) {
                assertThat(message.messageId()).contains("mid 1");
                assertThat(message.correlationId()).contains("cid/1");
                assertThat(message.userId()).contains("u+1");
                assertThat(message.get(SystemProperty.ACK)).contains("full");
                assertThat(message.properties()).containsOnly(Map.entry("k e y", "v&a=l"), Map.entry("к", "ä"));
            }
        }
    }

    @Test
    void a_closed_client_says_goodbye() {
        assertThat(OfficialRecordings.of("DISCONNECT", ".*")).hasSizeGreaterThan(10);
        DeviceClient client = device(DEVICE);
        Conversation link = connect(client);
        client.closeAsync();
        link.expect("DISCONNECT");
        link.expectEnd();
    }

    @Test
    void the_web_socket_is_asked_for_in_the_same_way() throws IOException {
        DeviceClient client = closing(DeviceClient.of(
                ADDRESS,
                DEVICE,
                ClientCredentials.keys(ADDRESS, DEVICE, KEY),
                options().transport(Transport.WEB_SOCKET).build()));
        client.connect();
        List<String> ours = hub.acceptHttp();
        for (Recorded r : OfficialRecordings.of("UPGRADE", "device-ws/.*")) {
            String path = r.packet().path("path").asText().replace("?iothub-no-client-cert=true", "");
            assertThat(ours.get(0)).as("%s", r).isEqualTo("GET " + path + " HTTP/1.1");
            r.packet().path("headers").forEach(header -> {
                String name = header.path(0).asText();
                if (name.matches("(?i)upgrade|connection|sec-websocket-(version|protocol)")) {
                    assertThat(ours).anyMatch((name + ": " + header.path(1).asText())::equalsIgnoreCase);
                }
            });
        }
    }
}
