package io.hubwire.mqtt;

import io.hubwire.mqtt.link.ClientThreads;
import io.hubwire.mqtt.link.Inbound;
import io.hubwire.mqtt.link.LinkFactory;
import io.hubwire.mqtt.link.LinkSettings;
import io.hubwire.mqtt.link.MqttLink;
import io.hubwire.mqtt.link.PeerClock;
import io.hubwire.mqtt.link.Publication;
import io.hubwire.mqtt.link.Will;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.mqtt.HubToDevice;
import io.hubwire.protocol.mqtt.MethodTopic;
import io.hubwire.protocol.mqtt.TelemetryTopic;
import io.hubwire.protocol.mqtt.TwinTopic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What device and module clients have in common: puts the parts together and leads each event to the part that it
 * concerns. Its methods are for any thread, those of {@link HubConnection.User} run in the {@link Serial}. The stages it
 * returns complete wherever the news comes in, so they are not for the application: see {@link #handOver}.
 */
final class HubClient implements HubConnection.User {
    private static final Logger log = LoggerFactory.getLogger(HubClient.class);

    private final Identity identity;
    private final Serial serial = new Serial();
    private final Callbacks callbacks;
    private final List<ConnectionListener> listeners = new CopyOnWriteArrayList<>();
    private final HubConnection connection;
    private final TelemetrySender telemetry;
    private final TwinRequests twin;
    private final DesiredFeed desired;
    private final MethodDesk methods;
    private final CloudInbox inbox;
    private final ClientMetrics metrics;
    private @Nullable MqttLink link;
    private volatile boolean closed;

    HubClient(
            Identity identity,
            String userName,
            Credentials credentials,
            ClientOptions options,
            LinkFactory links,
            PeerClock hubClock) {
        this.identity = identity;
        ClientEnvironment environment = options.environment();
        metrics = options.metrics();
        ThreadFactory threads = ClientThreads.named("hubwire " + identity.clientId());
        callbacks = new Callbacks(threads);
        telemetry = new TelemetrySender(identity, options, environment, serial, this::acknowledgementOverdue);
        connection = new HubConnection(
                identity,
                new ConnectionMachine(
                        options.retry(),
                        ConnectionTimes.connectingWithin(options.connectTimeout()),
                        environment.random()::nextDouble),
                serial,
                links,
                (password, resend) -> new LinkSettings(
                        identity.clientId(),
                        userName,
                        password,
                        options.keepAlive(),
                        options.window(),
                        resend,
                        will(identity, options),
                        options.trace()),
                credentials,
                new HubTime(environment.clock(), options.clockCheck(), hubClock),
                environment.timer(),
                threads,
                this,
                this::announce);
        Supplier<@Nullable MqttLink> presentLink = () -> link;
        twin = new TwinRequests(
                environment.timer(), serial, options.requestTimeout(), connection::subscribe, presentLink);
        desired = new DesiredFeed(callbacks, serial, environment.timer(), twin::get);
        methods = new MethodDesk(callbacks, serial, presentLink, metrics);
        inbox = new CloudInbox(callbacks, serial, options.maxDeliveries(), connection::checkDrained);
    }

    private static @Nullable Will will(Identity identity, ClientOptions options) {
        Message will = options.will();
        return will == null ? null : new Will(TelemetryTopic.format(identity, will), will.body(), 1);
    }

    List<RecoveredMessage> recovered() {
        return telemetry.recovered().stream()
                .map(r -> new RecoveredMessage(r.messageId(), handOver(r.outcome())))
                .toList();
    }

    ConnectionState state() {
        return connection.state();
    }

    SendStatus sendStatus() {
        return telemetry.status();
    }

    void listen(ConnectionListener listener) {
        listeners.add(listener);
    }

    CompletableFuture<Void> connect() {
        requireOpen();
        return inSerial(connection::open);
    }

    CompletableFuture<Void> close() {
        closed = true;
        return inSerial(() -> connection.close().whenComplete((done, impossible) -> {
            telemetry.close();
            callbacks.close();
        }));
    }

    CompletableFuture<SendResult> send(Message message) {
        requireOpen();
        return telemetry.send(message);
    }

    CompletableFuture<Twin> twin() {
        requireOpen();
        return inSerial(twin::get);
    }

    CompletableFuture<Long> report(String patch, @Nullable Long baseVersion) {
        requireOpen();
        return inSerial(() -> twin.report(patch, baseVersion));
    }

    CompletableFuture<Void> onMessage(String filter, AsyncMessageHandler handler) {
        requireOpen();
        inbox.handleMessages(handler);
        return subscribe(filter);
    }

    CompletableFuture<Void> onInput(String filter, @Nullable String input, AsyncMessageHandler handler) {
        requireOpen();
        inbox.handleInput(input, handler);
        return subscribe(filter);
    }

    void onDeadLetter(DeadLetterHandler handler) {
        inbox.deadLetters(handler);
    }

    CompletableFuture<Void> onMethod(@Nullable String name, AsyncMethodHandler handler) {
        requireOpen();
        methods.handle(name, handler);
        return subscribe(MethodTopic.FILTER);
    }

    CompletableFuture<Void> onDesired(DesiredHandler handler) {
        requireOpen();
        return inSerial(() -> {
            desired.handle(handler);
            return connection.subscribe(TwinTopic.DESIRED_FILTER).thenRun(() -> {
                if (link != null) { // else it is fetched as soon as requests may be sent
                    desired.connected();
                }
            });
        });
    }

    private CompletableFuture<Void> subscribe(String filter) {
        return inSerial(() -> connection.subscribe(filter));
    }

    /** The application's view of a stage. */
    <T> CompletableFuture<T> handOver(CompletableFuture<T> internal) {
        return HandedOver.of(internal, callbacks);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what it ends with is passed on
    private <T> CompletableFuture<T> inSerial(Supplier<CompletableFuture<T>> operation) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        serial.execute(() -> operation.get().whenComplete((value, failure) -> {
            if (failure == null) {
                outcome.complete(value);
            } else {
                outcome.completeExceptionally(HandedOver.cause(failure));
            }
        }));
        return outcome;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("client of [" + identity + "] is closed");
        }
    }

    private void announce(ConnectionChange change) {
        log.info("[{}] {}", identity, change);
        if (change.state() == ConnectionState.CONNECTED) {
            metrics.connected(change.reason());
        }
        callbacks.execute(() -> listeners.forEach(listener -> listener.changed(change)));
    }

    private void acknowledgementOverdue(String why) {
        connection.abort(ErrorCode.TIMED_OUT, why, ChangeReason.ACKNOWLEDGEMENT_OVERDUE);
    }

    @Override
    public List<? extends Publication> resend() {
        return telemetry.resend();
    }

    @Override
    public void sendingStarted(MqttLink next) {
        link = next;
        telemetry.start(next);
        desired.connected();
    }

    @Override
    public void sendingStopped() {
        telemetry.stop();
    }

    @Override
    public boolean isDrained() {
        return telemetry.isDrained() && inbox.isDrained();
    }

    @Override
    public void linkLost(HubwireException cause) {
        link = null;
        telemetry.linkLost();
        twin.linkLost(cause);
        desired.disconnected();
        methods.linkLost();
        inbox.linkLost();
    }

    @Override
    public void delivered(Publication publication) {
        telemetry.delivered(publication);
    }

    @Override
    public void received(Inbound inbound, MqttLink from) {
        try {
            route(HubToDevice.parse(inbound.topic()), inbound, from);
        } catch (HubwireException unreadable) {
            if (inbound.topic().startsWith("devices/")) {
                inbox.unreadable(inbound, unreadable, from);
            } else {
                log.warn("the hub sent what cannot be read: {}", unreadable.getMessage());
                from.acknowledge(inbound);
            }
        }
    }

    private void route(HubToDevice what, Inbound inbound, MqttLink from) {
        if (what instanceof HubToDevice.CloudToDevice c2d) {
            metrics.received();
            Message message = c2d.properties().toMessage(inbound.body());
            inbox.received(new ReceivedMessage(message, null, inbound.duplicate()), inbound, from);
            return;
        }
        if (what instanceof HubToDevice.ModuleInput input) {
            metrics.received();
            Message message = input.properties().toMessage(inbound.body());
            inbox.received(new ReceivedMessage(message, input.input(), inbound.duplicate()), inbound, from);
            return;
        }
        from.acknowledge(inbound); // an Edge hub may send the rest at QoS 1
        if (what instanceof HubToDevice.MethodRequest call) {
            methods.called(call.method(), call.requestId(), inbound.body(), from);
        } else if (what instanceof HubToDevice.TwinResponse answer) {
            twin.answered(answer, inbound.body());
        } else if (what instanceof HubToDevice.DesiredChange change) {
            desired.patched(change.version(), inbound.body());
        } else {
            log.debug("topic [{}] is not known; ignored", inbound.topic());
        }
    }
}
