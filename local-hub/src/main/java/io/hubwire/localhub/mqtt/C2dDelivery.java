package io.hubwire.localhub.mqtt;

import io.hubwire.localhub.engine.C2dQueues;
import io.hubwire.localhub.engine.C2dQueues.Delivery;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.mqtt.MqttSettings.Choice;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.mqtt.DeviceboundTopic;
import io.hubwire.protocol.mqtt.HubSubscription;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cloud-to-device messages on one connection: what is sent, under which packet id, and what a PUBACK means. The queue
 * stays the engine's. Thread-safe; calls the engine under its own lock.
 *
 * <pre>
 *           | room and a message        | PUBACK           | lock ran out        | stop
 * waiting   | locked, sent              | -                | -                   | -
 * sent      | -                         | completed        | sent again, DUP = 1 | back into the queue
 * </pre>
 *
 * At QoS 0 a message is completed when its bytes have gone to the socket. Source: mqtt-device 3.2.
 */
final class C2dDelivery {
    private static final Logger log = LoggerFactory.getLogger("io.hubwire.localhub.mqtt");
    private static final int MAX_PACKET_ID = 65_535;
    private static final int PACKET_ID_BITS = 0x3FFF;

    private final C2dQueues queues;
    private final Identity identity;
    private final Object owner;
    private final Subscriptions subscriptions;
    private final Link link;
    private final Clock clock;
    private final MqttSettings settings;

    private final Map<Integer, Delivery> unacknowledged = new HashMap<>();
    private int unwritten;
    private boolean started;
    private boolean stopped;

    /** @param owner holds the queue's locks, so that they can be given back at once */
    C2dDelivery(
            C2dQueues queues,
            Identity identity,
            Object owner,
            Subscriptions subscriptions,
            Link link,
            Clock clock,
            MqttSettings settings) {
        this.queues = queues;
        this.identity = identity;
        this.owner = owner;
        this.subscriptions = subscriptions;
        this.link = link;
        this.clock = clock;
        this.settings = settings;
    }

    /** The client may be sent something from now on. */
    synchronized void start() {
        started = true;
        pump();
    }

    /** Sends what there is, as far as the client keeps up. */
    synchronized void pump() {
        if (!started || stopped) {
            return;
        }
        Instant now = clock.instant();
        // their locks ran out: the queue hands them out again
        unacknowledged.values().removeIf(sent -> !sent.lockedUntil().isAfter(now));
        OptionalInt qos = subscriptions.qos(HubSubscription.CLOUD_TO_DEVICE);
        Instant since = subscriptions.since(HubSubscription.CLOUD_TO_DEVICE).orElse(Instant.MAX);
        Instant notBefore = settings.has(Choice.DELIVER_OLDER) ? Instant.MIN : since;
        while (qos.isPresent() && hasRoom()) {
            var next = queues.next(identity, owner, notBefore);
            if (next.isEmpty()) {
                return;
            }
            send(next.get(), qos.getAsInt());
        }
    }

    /** A PUBACK; of an id that was never sent, or whose lock ran out, it means nothing. */
    synchronized void acknowledged(int packetId) {
        Delivery delivery = unacknowledged.remove(packetId);
        if (delivery != null) {
            complete(delivery);
            pump();
        }
    }

    /** Sends nothing more and gives back what the client has not acknowledged. */
    synchronized void stop() {
        if (!stopped) {
            stopped = true;
            unacknowledged.clear();
            queues.release(identity, owner);
        }
    }

    private boolean hasRoom() {
        return unacknowledged.size() + unwritten < settings.c2dWindow() && link.backlog() == 0;
    }

    private void send(Delivery delivery, int qos) {
        String topic = DeviceboundTopic.format(identity, delivery.message());
        byte[] body = delivery.message().body();
        if (qos == 0) {
            unwritten++;
            link.publish(OutgoingPublish.qos0(topic, body), () -> written(delivery));
            return;
        }
        // handed out again, so the earlier lock is gone; the packet id stays
        unacknowledged.values().removeIf(sent -> sent.sequenceNumber() == delivery.sequenceNumber());
        int packetId = freeId(delivery.sequenceNumber());
        unacknowledged.put(packetId, delivery);
        link.publish(new OutgoingPublish(topic, body, 1, packetId, delivery.redelivered()), () -> {});
    }

    private synchronized void written(Delivery delivery) {
        unwritten--;
        if (!stopped) {
            complete(delivery);
            pump();
        }
    }

    private void complete(Delivery delivery) {
        try {
            queues.complete(identity, delivery.lockToken());
        } catch (HubException e) {
            log.debug("late PUBACK of [{}] for message {}: {}", identity, delivery.sequenceNumber(), e.toString());
        }
    }

    /** From the sequence number, as the gateway makes it, so that a redelivery has the same id, also on a new connection. */
    private int freeId(long sequenceNumber) {
        int id = (int) (sequenceNumber & PACKET_ID_BITS) + 1;
        while (unacknowledged.containsKey(id)) {
            id = id % MAX_PACKET_ID + 1;
        }
        return id;
    }
}
