package io.hubwire.events.amqp;

import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.engine.IncomingDelivery;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.AmqpValue;
import org.apache.qpid.protonj2.types.messaging.ApplicationProperties;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Asks a node that answers messages with messages: {@code $cbs} and {@code $management}. Thread-safe. Source: amqp 1.2, 3.
 */
public final class RequestClient {
    private static final int CREDIT = 50;

    private final ClientConnection connection;
    private final String node;
    private final SenderLink requests;
    /** Answers awaited, by message id; on the connection's thread. */
    private final Map<String, CompletableFuture<Sections>> awaited;

    private long lastId;

    private RequestClient(
            ClientConnection connection,
            String node,
            SenderLink requests,
            Map<String, CompletableFuture<Sections>> awaited) {
        this.connection = connection;
        this.node = node;
        this.requests = requests;
        this.awaited = awaited;
    }

    /** Opens both links; blocks within the connection's time-out. @throws HubwireException when the node refuses */
    public static RequestClient open(ClientConnection connection, String node) {
        Map<String, CompletableFuture<Sections>> awaited = new HashMap<>();
        CompletableFuture<ReceiverLink> answers = new CompletableFuture<>();
        ReceiverLink.Listener listener = new ReceiverLink.Listener() {
            @Override
            public void message(Sections answer, IncomingDelivery delivery) {
                delivery.disposition(Accepted.getInstance(), true);
                answers.thenAccept(link -> link.grant(1));
                CompletableFuture<Sections> asker =
                        awaited.remove(String.valueOf(answer.properties().getCorrelationId()));
                if (asker != null) {
                    asker.complete(answer);
                }
            }

            @Override
            public void ended(HubwireException why) {
                awaited.values().forEach(asker -> asker.completeExceptionally(why));
                awaited.clear();
            }
        };
        ReceiverLink receiver = Waiting.on(connection.receiver(node, Map.of(), Map.of(), listener));
        receiver.grant(CREDIT);
        answers.complete(receiver);
        return new RequestClient(
                connection, node, Waiting.on(connection.sender(node, Map.of(), node, why -> {})), awaited);
    }

    /**
     * Asks.
     *
     * @return the answer with a status of 2xx; fails with {@link AmqpException} for any other
     */
    public CompletableFuture<Sections> ask(
            Map<String, Object> applicationProperties, @Nullable Object body, String what) {
        CompletableFuture<Sections> answer = new CompletableFuture<>();
        boolean queued = connection.offer(() -> {
            String id = "hubwire-" + ++lastId;
            awaited.put(id, answer);
            connection.expire(answer, connection.timeout(), what, () -> awaited.remove(id));
            Properties properties = new Properties();
            properties.setMessageId(id);
            properties.setTo(node);
            properties.setReplyTo(node);
            ProtonBuffer message = new SectionWriter()
                    .draft(0)
                    .add(properties)
                    .add(new ApplicationProperties(applicationProperties))
                    .add(new AmqpValue<>(body))
                    .finish();
            requests.send(message, connection.timeout()).whenComplete((sent, failed) -> {
                if (failed != null) {
                    awaited.remove(id);
                    answer.completeExceptionally(failed);
                }
            });
        });
        if (!queued) {
            answer.completeExceptionally(connection.lost(what));
        }
        return answer.thenApply(sections -> checked(sections, what));
    }

    /** Newer and older spellings of the status are in use. */
    private static Sections checked(Sections answer, String what) {
        Map<String, @Nullable Object> status = answer.applicationProperties();
        Object code = first(status, "status-code", "statusCode");
        if (!(code instanceof Number number)) {
            throw new RemoteProtocolException(what + ": the answer has no status-code, or none that is a number");
        }
        if (number.intValue() / 100 != 2) {
            throw Failures.ofStatus(
                    number.intValue(),
                    text(first(status, "error-condition", "errorCondition")),
                    text(first(status, "status-description", "statusDescription")),
                    what);
        }
        return answer;
    }

    private static @Nullable Object first(Map<String, @Nullable Object> map, String one, String other) {
        Object value = map.get(one);
        return value == null ? map.get(other) : value;
    }

    private static String text(@Nullable Object value) {
        return value instanceof Symbol || value instanceof String ? value.toString() : "";
    }
}
