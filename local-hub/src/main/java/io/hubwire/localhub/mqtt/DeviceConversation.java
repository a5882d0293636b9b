package io.hubwire.localhub.mqtt;

import io.hubwire.localhub.engine.DeviceSession;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.mqtt.MqttSettings.Choice;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.mqtt.DeviceToHub;
import io.hubwire.protocol.mqtt.HubSubscription;
import io.hubwire.protocol.mqtt.MethodTopic;
import io.hubwire.protocol.mqtt.TelemetryTopic;
import io.hubwire.protocol.mqtt.TwinTopic;
import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device or module on a connection. Packets come in on the broker's threads, wishes of the engine on any; what calls
 * the engine on its own account (deliveries, opening, closing) runs one after another on {@code lane}.
 */
final class DeviceConversation implements Conversation, DeviceSession {
    private static final Logger log = LoggerFactory.getLogger("io.hubwire.localhub.mqtt");
    /** What may wait for a slow client before messages at QoS 0 are dropped. */
    private static final long MAX_BACKLOG_BYTES = 1 << 20;

    private final Hub hub;
    private final MqttSettings settings;
    private final Object turnstile;
    private final Arrival arrival;
    private final StoredSessions.Session session;
    private final Link link;
    private final Executor lane;

    private final TelemetryIntake telemetry;
    private final TwinRequests twin;
    private final C2dDelivery c2d;
    private final AtomicBoolean pumpPlanned = new AtomicBoolean();
    private Timer.@Nullable Scheduled tokenEnd;
    private volatile @Nullable CloseReason reason;
    private volatile boolean ended;

    /**
     * @param turnstile held while a connection begins, so that two of one identity do so in the broker's order
     * @param lane runs tasks one after another
     */
    DeviceConversation(
            Hub hub,
            MqttSettings settings,
            Object turnstile,
            Arrival arrival,
            StoredSessions.Session session,
            TwinRequests twin,
            Link link,
            Executor lane) {
        this.hub = hub;
        this.settings = settings;
        this.turnstile = turnstile;
        this.arrival = arrival;
        this.session = session;
        this.twin = twin;
        this.link = link;
        this.lane = lane;
        this.telemetry =
                new TelemetryIntake(hub, arrival.access(), arrival.modelId(), settings.has(Choice.MARK_DUPLICATES));
        this.c2d = new C2dDelivery(
                hub.c2d(), arrival.access().identity(), this, session.subscriptions(), link, hub.clock(), settings);
    }

    // ---- Conversation ----

    @Override
    public void open(Consumer<Boolean> ready) {
        after(
                arrival.heldBack(),
                () -> lane.execute(() -> {
                    try {
                        begin();
                    } catch (RuntimeException | Error e) {
                        log.error("the session of [{}] could not be opened", identity(), e);
                        link.close("internal failure");
                        return;
                    }
                    ready.accept(session.found());
                }));
    }

    /** At once, or when traffic is shaped a little later on the timer's thread. */
    private void after(Duration heldBack, Runnable task) {
        if (heldBack.isZero()) {
            task.run();
        } else {
            hub.timer().schedule(heldBack, task);
        }
    }

    private void begin() {
        synchronized (turnstile) {
            if (ended) {
                return; // displaced by a newer connection before it was this one's turn
            }
            // what an older connection has not been acknowledged goes back first, so that it keeps its place
            hub.sessions().current(identity()).ifPresent(older -> {
                if (older instanceof DeviceConversation displaced) {
                    displaced.c2d.stop();
                }
            });
            hub.sessions().opened(this);
        }
        if (arrival.modelId() != null) {
            hub.twins().modelId(identity(), arrival.modelId());
        }
        Instant validUntil = arrival.access().validUntil();
        if (validUntil != null) {
            Duration left = Duration.between(hub.clock().instant(), validUntil.plus(settings.tokenGrace()));
            tokenEnd = hub.timer().schedule(left, () -> close(CloseReason.TOKEN_EXPIRED));
        }
    }

    @Override
    public boolean acknowledgesQos2() {
        return settings.has(Choice.ACKNOWLEDGE_QOS_2);
    }

    @Override
    public int telemetryWindow() {
        return settings.telemetryWindow();
    }

    @Override
    public void accepted() {
        lane.execute(c2d::start);
    }

    @Override
    public PublishDecision published(IncomingPublish packet, Runnable safe) {
        if (packet.qos() == 2) {
            return new PublishDecision.Closed("a PUBLISH at QoS 2");
        }
        try {
            DeviceToHub meant = DeviceToHub.parse(packet.topic());
            hub.sessions().active(identity());
            return take(meant, packet, safe)
                    .<PublishDecision>map(PublishDecision.Closed::new)
                    .orElseGet(PublishDecision.Taken::new);
        } catch (InvalidInputException
                | RemoteProtocolException e) { // a topic that cannot be read, or a request id that cannot be sent back
            return new PublishDecision.Closed(String.valueOf(e.getMessage()));
        }
    }

    /** @return why the connection must be cut, or empty */
    private Optional<String> take(DeviceToHub meant, IncomingPublish packet, Runnable safe) {
        if (meant instanceof DeviceToHub.Telemetry topic) {
            return telemetry.take(topic, packet, safe);
        }
        if (meant instanceof DeviceToHub.Unrecognized unknown) {
            if (!settings.has(Choice.STORE_UNMATCHED)) {
                return Optional.of("topic [" + unknown.topic() + "] is none of the hub's");
            }
            telemetry.takeUnmatched(unknown.topic(), packet.payload(), safe);
            return Optional.empty();
        }
        safe.run();
        if (meant instanceof DeviceToHub.TwinRequest request) {
            twin.answer(request, packet.payload())
                    .ifPresent(answer -> after(answer.heldBack(), () -> pushTwin(answer.packet())));
        } else if (meant instanceof DeviceToHub.MethodResponse response) {
            hub.methods().answer(this, response.requestId(), response.status(), packet.payload());
        }
        return Optional.empty();
    }

    private void pushTwin(OutgoingPublish answer) {
        push(HubSubscription.TWIN_RESPONSES, answer.topic(), answer.payload());
    }

    @Override
    public SubscribeDecision subscribing(Map<String, Integer> filters) {
        return session.subscriptions()
                .add(filters, hub.clock().instant(), settings.has(Choice.CLOSE_ON_UNKNOWN_FILTER))
                .<SubscribeDecision>map(SubscribeDecision.Closed::new)
                .orElseGet(SubscribeDecision.Granted::new);
    }

    @Override
    public void subscribed() {
        lane.execute(() -> {
            hub.sessions().subscriptionsChanged(this);
            c2d.pump();
        });
    }

    @Override
    public void unsubscribed(List<String> filters) {
        session.subscriptions().remove(filters);
        hub.sessions().subscriptionsChanged(this);
    }

    @Override
    public void acknowledged(int packetId) {
        lane.execute(() -> c2d.acknowledged(packetId));
    }

    @Override
    public void writable() {
        c2dAvailable();
    }

    @Override
    public void closed(boolean graceful) {
        ended = true;
        lane.execute(() -> {
            if (tokenEnd != null) {
                tokenEnd.cancel();
            }
            c2d.stop();
            try {
                if (!graceful && reason != CloseReason.HUB_STOPPING) {
                    leaveWill();
                }
            } finally {
                hub.sessions().closed(this); // also when the will found no room
            }
        });
    }

    private void leaveWill() {
        Will will = arrival.will();
        if (will != null) {
            try {
                TelemetryTopic.parse(will.topic())
                        .filter(topic -> topic.sender().equals(identity()))
                        .ifPresentOrElse(
                                topic -> telemetry.takeWill(topic, will),
                                () -> log.warn("the will of [{}] is not telemetry of its own", identity()));
            } catch (InvalidInputException | RemoteProtocolException e) {
                log.warn("the will of [{}] has a broken topic: {}", identity(), e.getMessage());
            }
        }
    }

    // ---- DeviceSession ----

    @Override
    public Identity identity() {
        return arrival.access().identity();
    }

    @Override
    public boolean acceptsMethods() {
        return session.subscriptions().holds(HubSubscription.METHODS);
    }

    @Override
    public void invokeMethod(String requestId, String name, byte[] payload) {
        push(HubSubscription.METHODS, MethodTopic.formatRequest(name, requestId), payload);
    }

    @Override
    public void desiredChanged(long version, byte[] patch) {
        push(HubSubscription.DESIRED_PROPERTIES, TwinTopic.formatDesired(version), patch);
    }

    @Override
    public void c2dAvailable() {
        if (pumpPlanned.compareAndSet(false, true)) {
            lane.execute(() -> {
                pumpPlanned.set(false);
                c2d.pump();
            });
        }
    }

    @Override
    public void close(CloseReason why) {
        reason = why;
        link.close(why.name());
    }

    /** At most once, and only to a subscriber that keeps up. */
    private void push(HubSubscription what, String topic, byte[] payload) {
        if (!session.subscriptions().holds(what)) {
            log.debug("[{}] has not subscribed to {}", identity(), what);
        } else if (link.backlog() > MAX_BACKLOG_BYTES) {
            log.warn("[{}] does not read: a message to [{}] is dropped", identity(), topic);
        } else {
            link.publish(OutgoingPublish.qos0(topic, payload), () -> {});
        }
    }

    @Override
    public String toString() {
        return "DeviceConversation[" + identity() + "]";
    }
}
