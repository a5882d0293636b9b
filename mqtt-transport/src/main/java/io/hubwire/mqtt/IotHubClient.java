package io.hubwire.mqtt;

import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What devices and modules have in common. Set handlers first and connect afterwards: a hub sends what it has kept at
 * once, and a message that comes before its handler stays unhandled until the hub repeats it.
 *
 * <p>Handlers, listeners and the dependents of returned stages run on the client's callback thread, one after another; what
 * blocks there holds up only them, and not those who wait with {@code join} or {@code get}.
 *
 * <p>All methods are safe for any thread and return at once, except {@link #send} on a full queue with {@link
 * OverflowPolicy#WAIT}, and {@link #close}. They throw {@link IllegalStateException} when the client is closed; all that
 * depends on hub and network arrives in the stage, as a {@link HubwireException}.
 */
public abstract sealed class IotHubClient implements AutoCloseable permits DeviceClient, ModuleClient {
    private static final Duration CLOSE = Duration.ofMillis(950);

    private final Identity identity;
    final HubClient hub;

    IotHubClient(Identity identity, HubClient hub) {
        this.identity = identity;
        this.hub = hub;
    }

    /** Who this is. */
    public Identity identity() {
        return identity;
    }

    /**
     * Connects, and subscribes to all that handlers are set for.
     *
     * @return completes when the hub has accepted both; exceptionally when it refuses, the certificate is not accepted, or
     *     the time of {@link RetryPolicy#openPatience} is up. May be called again then, and does nothing when connected
     */
    public CompletableFuture<Void> connect() {
        return hub.handOver(hub.connect());
    }

    /**
     * Sends telemetry at QoS 1. May be called before {@link #connect}; the message waits, within its time-out.
     *
     * @return completes when the hub has stored the message; exceptionally with a {@link SendException} or, when the
     *     message breaks a rule of the wire, an {@link InvalidInputException}
     */
    public CompletableFuture<SendResult> send(Message message) {
        return hub.handOver(hub.send(message));
    }

    /**
     * Sends telemetry at QoS 1 and confirms with the caller's own context.
     *
     * @return completes always normally, with how it ended
     */
    public <C extends @Nullable Object> CompletableFuture<SendConfirmation<C>> send(Message message, C context) {
        return hub.handOver(hub.send(message)
                .handle((result, failure) -> failure instanceof HubwireException known
                        ? new SendConfirmation<>(message, context, null, known)
                        : new SendConfirmation<>(message, context, result, null)));
    }

    /** What an earlier run left in the spool, oldest first. Goes out, without further ado, before anything new. */
    public List<RecoveredMessage> recoveredMessages() {
        return hub.recovered();
    }

    /** Whether messages wait to be acknowledged. */
    public SendStatus sendStatus() {
        return hub.sendStatus();
    }

    /** Where the connection stands. */
    public ConnectionState connectionState() {
        return hub.state();
    }

    /** Adds a listener; it hears of each change from now on. */
    public void onConnectionChange(ConnectionListener listener) {
        hub.listen(listener);
    }

    /** Sets who takes note of messages that are given up; by default they are logged as errors. */
    public void onDeadLetter(DeadLetterHandler handler) {
        hub.onDeadLetter(handler);
    }

    /**
     * Sets the handler of a direct method.
     *
     * @param name exactly as called; {@code component*command} for a Plug and Play component
     * @return completes when the hub has granted the subscription
     */
    public CompletableFuture<Void> onMethod(String name, MethodHandler handler) {
        return onMethodAsync(name, request -> CompletableFuture.completedStage(handler.handle(request)));
    }

    /** As {@link #onMethod}, with a handler that answers later. */
    public CompletableFuture<Void> onMethodAsync(String name, AsyncMethodHandler handler) {
        return hub.handOver(hub.onMethod(name, handler));
    }

    /** Sets the handler of direct methods that have none of their own; without it they are answered with 501. */
    public CompletableFuture<Void> onAnyMethod(AsyncMethodHandler handler) {
        return hub.handOver(hub.onMethod(null, handler));
    }

    /**
     * Sets the handler of desired properties. It first gets all of them, then each change; and all of them again when
     * changes were missed.
     *
     * @return completes when the hub has granted the subscription
     */
    public CompletableFuture<Void> onDesired(DesiredHandler handler) {
        return hub.handOver(hub.onDesired(handler));
    }

    /** The whole twin; exceptionally with {@link TwinException} when the hub refuses. */
    public CompletableFuture<Twin> twin() {
        return hub.handOver(hub.twin());
    }

    /**
     * Reports properties.
     *
     * @param patch a JSON object, merged into what was reported before; null removes a key
     * @return the new version of the reported properties (0 when an Edge hub does not tell it); exceptionally with {@link
     *     InvalidInputException} when the patch breaks a rule of twins, with {@link TwinException} when the hub refuses
     */
    public CompletableFuture<Long> report(String patch) {
        return hub.handOver(hub.report(patch, null));
    }

    /** As {@link #report(String)}, refused with 412 unless the reported properties have this version. */
    public CompletableFuture<Long> report(String patch, long baseVersion) {
        return hub.handOver(hub.report(patch, baseVersion));
    }

    /** The same client, for callers who would rather wait. */
    public BlockingClient blocking() {
        return new BlockingClient(hub);
    }

    /**
     * Starts to close: no new messages; those under way get a moment to be acknowledged, handlers a moment to return, and
     * then the rest fails with {@code CANCELLED}.
     */
    public CompletableFuture<Void> closeAsync() {
        return hub.handOver(hub.close());
    }

    /** Closes and waits for it, less than a second. Harmless when repeated. */
    @Override
    public void close() {
        Await.quietly(hub.close(), CLOSE);
    }
}
