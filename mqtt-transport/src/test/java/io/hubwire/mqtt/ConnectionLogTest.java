package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hubwire.protocol.Message;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a client logs by itself: a line for each change of its state, and no stack trace because a network failed. */
class ConnectionLogTest extends ConversationTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.hubwire.mqtt");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    @Test
    void a_line_for_each_change_and_no_stack_trace_for_a_drop() {
        DeviceClient device = device();
        Conversation link = connect(device);
        device.send(Message.of("under way"));
        link.expectPublish();
        link.reset();
        Conversation next = hub.acceptSession();
        next.pubAck(next.expectPublish().packetId());
        await().until(() -> changes.size() == 5 && device.sendStatus() == SendStatus.IDLE);
        device.close();
        await().until(() -> changes.size() == 6);

        List<ILoggingEvent> seen = List.copyOf(log.list);
        assertThat(seen)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactlyElementsOf(
                        changes.stream().map(change -> "[dev1] " + change).toList());
        assertThat(seen).allSatisfy(line -> {
            assertThat(line.getThrowableProxy()).isNull();
            assertThat(line.getFormattedMessage()).doesNotContain("\n", "SharedAccessSignature");
        });
    }
}
