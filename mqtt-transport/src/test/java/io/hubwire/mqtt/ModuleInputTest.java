package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.ConnectionString;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.mqtt.MqttPacket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an Edge hub routes to a module's inputs. The local hub has no routes, so the {@link ScriptedHub} plays the Edge hub. */
class ModuleInputTest extends ConversationTest {
    private static final String INPUTS = "devices/dev1/modules/filter/inputs/";

    private final BlockingQueue<ReceivedMessage> named = new LinkedBlockingQueue<>();
    private final BlockingQueue<ReceivedMessage> others = new LinkedBlockingQueue<>();
    private ModuleClient module;

    @BeforeEach
    void make() {
        module = closing(ModuleClient.of(
                ConnectionString.ofIdentity("localhost", Identity.module("dev1", "filter"), KEY),
                options().build()));
    }

    private Conversation connect() {
        CompletableFuture<Void> connecting = module.connect();
        Conversation link = hub.acceptSession();
        assertThat(link.grantSubscribe().filters()).containsExactly(new MqttPacket.Filter(INPUTS + "#", 1));
        connecting.join();
        return link;
    }

    private static ReceivedMessage next(BlockingQueue<ReceivedMessage> received) throws InterruptedException {
        ReceivedMessage message = received.poll(10, TimeUnit.SECONDS);
        assertThat(message).as("message").isNotNull();
        return message;
    }

    private static void expectAcknowledged(Conversation link, int packetId) {
        assertThat(((MqttPacket.Acknowledgement) link.expect("PUBACK")).packetId())
                .isEqualTo(packetId);
    }

    @Test
    void a_message_reaches_the_handler_of_its_input_with_its_properties() throws InterruptedException {
        module.onInput("readings", named::add);
        module.onAnyInput(others::add);
        Conversation link = connect();
        link.publish(INPUTS + "readings/%24.mid=m1&%24.cdid=leaf&unit=%C2%B0C", 1, 7, false, "21.5");
        expectAcknowledged(link, 7);
        ReceivedMessage received = next(named);
        assertThat(received.input()).isEqualTo("readings");
        assertThat(received.message().text()).isEqualTo("21.5");
        assertThat(received.message().messageId()).contains("m1");
        assertThat(received.message().properties()).containsEntry("unit", "\u00b0C");
        assertThat(others).isEmpty();
    }

    @Test
    void an_input_without_a_handler_of_its_own_goes_to_the_one_for_any_and_its_name_is_decoded()
            throws InterruptedException {
        module.onInput("readings", named::add);
        module.onAnyInput(others::add);
        Conversation link = connect();
        link.publish(INPUTS + "r%C3%A9glages%20%2F/", 1, 8, false, "x");
        expectAcknowledged(link, 8);
        assertThat(next(others).input()).isEqualTo("r\u00e9glages /");
        link.publish(INPUTS + "bare", 0, 0, false, "no slash, no bag, QoS 0");
        assertThat(next(others).input()).isEqualTo("bare");
        assertThat(named).isEmpty();
    }

    @Test
    void an_input_that_nobody_handles_is_left_to_the_hub_and_the_next_message_arrives() throws InterruptedException {
        module.onInput("readings", named::add);
        Conversation link = connect();
        link.publish(INPUTS + "other/", 1, 9, false, "nobody's");
        link.expectSilence(Duration.ofMillis(100));
        link.publish(INPUTS + "readings/", 1, 10, false, "mine");
        expectAcknowledged(link, 10);
        assertThat(next(named).message().text()).isEqualTo("mine");
    }

    @Test
    void a_message_whose_handler_fails_is_not_acknowledged_and_comes_again() throws InterruptedException {
        module.onInput("readings", message -> {
            named.add(message);
            if (!message.redelivered()) {
                throw new IllegalStateException("not yet");
            }
        });
        Conversation link = connect();
        link.publish(INPUTS + "readings/%24.mid=m1", 1, 11, false, "x");
        assertThat(next(named).redelivered()).isFalse();
        link.expectSilence(Duration.ofMillis(100));
        link.publish(INPUTS + "readings/%24.mid=m1", 1, 11, true, "x");
        expectAcknowledged(link, 11);
        assertThat(next(named).redelivered()).isTrue();
    }
}
