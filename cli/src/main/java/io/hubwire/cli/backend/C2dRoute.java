package io.hubwire.cli.backend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** One way by which the back end sends C2D and reads feedback. */
interface C2dRoute extends AutoCloseable {
    /** Opens the way asked for. */
    static C2dRoute open(CliContext context, C2dCommand.Via via) {
        return via == C2dCommand.Via.amqp ? new C2dOverAmqp(context) : new C2dOverHttp(context);
    }

    /** Queues a message; returns when the hub has it. */
    void send(DeviceId device, Message message);

    /**
     * Takes feedback records and completes them.
     *
     * @param wanted ends after so many
     * @param record as {@code {"originalMessageId","deviceId","statusCode","description","enqueuedTimeUtc"}}
     * @return how many there were
     */
    int eachFeedback(int wanted, Duration patience, Consumer<ObjectNode> record) throws InterruptedException;

    /** The feedback of one message; records of other messages go back into the queue. */
    Optional<ObjectNode> awaitFeedback(String messageId, Duration patience) throws InterruptedException;

    @Override
    void close();
}
