package io.hubwire.mqtt;

import io.hubwire.mqtt.link.Inbound;
import io.hubwire.mqtt.link.MqttLink;
import io.hubwire.protocol.Message;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes cloud-to-device messages and module inputs: handler first, PUBACK afterwards. A message whose handler fails is not
 * acknowledged, so that the hub repeats it; one that fails too often is given to the dead-letter handler and then
 * acknowledged, since it would come for ever. PUBACKs keep the order of arrival. Handlers may be set from any thread; the rest runs in the client's {@link
 * Serial}.
 */
final class CloudInbox {
    private static final Logger log = LoggerFactory.getLogger(CloudInbox.class);
    /** Messages whose failures are counted at once; more than a hub keeps for a device. */
    private static final int REMEMBERED = 200;

    private final Executor callbacks;
    private final Serial serial;
    private final int maxDeliveries;
    private final Runnable onHandled;
    private final ArrivalOrder order = new ArrivalOrder();
    private final Map<Object, Integer> failures = new LinkedHashMap<>();
    private final Map<String, AsyncMessageHandler> inputHandlers = new ConcurrentHashMap<>();
    private volatile @Nullable AsyncMessageHandler anyInputHandler;
    private volatile @Nullable AsyncMessageHandler messageHandler;
    private volatile DeadLetterHandler deadLetters = CloudInbox::logDeadLetter;
    private int open;

    /** @param onHandled told, in the serial, each time a message is done with */
    CloudInbox(Executor callbacks, Serial serial, int maxDeliveries, Runnable onHandled) {
        this.callbacks = callbacks;
        this.serial = serial;
        this.maxDeliveries = maxDeliveries;
        this.onHandled = onHandled;
    }

    void handleMessages(AsyncMessageHandler next) {
        messageHandler = next;
    }

    /** @param input null for inputs without a handler of their own */
    void handleInput(@Nullable String input, AsyncMessageHandler next) {
        if (input == null) {
            anyInputHandler = next;
        } else {
            inputHandlers.put(input, next);
        }
    }

    private @Nullable AsyncMessageHandler handlerFor(@Nullable String input) {
        if (input == null) {
            return messageHandler;
        }
        AsyncMessageHandler named = inputHandlers.get(input);
        return named != null ? named : anyInputHandler;
    }

    void deadLetters(DeadLetterHandler next) {
        deadLetters = next;
    }

    /** Whether no message is with the application. */
    boolean isDrained() {
        return open == 0;
    }

    /** PUBACKs for what came on it can no longer leave. */
    void linkLost() {
        order.linkLost();
    }

    /** A message has come. */
    void received(ReceivedMessage message, Inbound inbound, MqttLink link) {
        AsyncMessageHandler present = handlerFor(message.input());
        if (present == null) {
            log.warn(
                    "a message came {}, but no handler is set for it; it stays in the hub's queue",
                    message.input() == null ? "from the cloud" : "to input [" + message.input() + "]");
            return;
        }
        open++;
        order.arrived(inbound);
        callbacks.execute(() -> {
            CompletionStage<?> handled;
            try {
                handled = present.handle(message);
            } catch (Exception failed) {
                serial.execute(() -> failed(message.message(), inbound, failed, link));
                return;
            }
            handled.whenComplete((value, failed) -> serial.execute(() -> {
                if (failed == null) {
                    succeeded(message.message(), inbound, link);
                } else {
                    failed(message.message(), inbound, failed, link);
                }
            }));
        });
    }

    /** A message has come that cannot be read. */
    void unreadable(Inbound inbound, RuntimeException why, MqttLink link) {
        open++;
        order.arrived(inbound);
        giveUp(inbound, null, why, link);
    }

    private void succeeded(Message message, Inbound inbound, MqttLink link) {
        failures.remove(key(message, inbound));
        done(inbound, link);
    }

    private void failed(Message message, Inbound inbound, Throwable why, MqttLink link) {
        Object key = key(message, inbound);
        int times = failures.merge(key, 1, Integer::sum);
        if (times < maxDeliveries) {
            forgetOldest();
            log.warn(
                    "handler failed for message {} ({} of {}); the hub will repeat it",
                    message,
                    times,
                    maxDeliveries,
                    why);
            order.left(inbound).forEach(link::acknowledge);
            open--;
            onHandled.run();
        } else {
            failures.remove(key);
            giveUp(inbound, message, why, link);
        }
    }

    private void giveUp(Inbound inbound, @Nullable Message message, Throwable why, MqttLink link) {
        DeadLetter letter = new DeadLetter(inbound.topic(), inbound.body(), message, why);
        DeadLetterHandler to = deadLetters;
        callbacks.execute(() -> {
            try {
                to.handle(letter);
            } finally {
                serial.execute(() -> done(inbound, link));
            }
        });
    }

    private void done(Inbound inbound, MqttLink link) {
        order.done(inbound).forEach(link::acknowledge);
        open--;
        onHandled.run();
    }

    private void forgetOldest() {
        if (failures.size() > REMEMBERED) {
            failures.remove(failures.keySet().iterator().next());
        }
    }

    /** A repeated message has no number of its own on MQTT: its id tells, or else everything about it. */
    private static Object key(Message message, Inbound inbound) {
        return message.messageId()
                .<Object>map(id -> id)
                .orElseGet(() -> Objects.hash(inbound.topic(), Arrays.hashCode(inbound.body())));
    }

    private static void logDeadLetter(DeadLetter letter) {
        log.error(
                "a message of {} bytes from the cloud is given up and taken out of the hub's queue",
                letter.body().length,
                letter.cause());
    }
}
