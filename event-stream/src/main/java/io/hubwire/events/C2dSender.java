package io.hubwire.events;

import io.hubwire.auth.ConnectionString;
import io.hubwire.events.amqp.AmqpException;
import io.hubwire.events.amqp.Cancellation;
import io.hubwire.events.amqp.SenderLink;
import io.hubwire.events.amqp.Waiting;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.TransportException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.apache.qpid.protonj2.types.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * Sends cloud-to-device messages over AMQP; one link serves all devices. A lost connection is opened again with back-off.
 * Thread-safe. Source: amqp 6.
 */
public final class C2dSender implements AutoCloseable {
    private static final String ADDRESS = "/messages/devicebound";
    private static final Symbol CLIENT_VERSION = Symbol.valueOf("com.microsoft:client-version");

    private final AmqpSettings settings;
    private final ConnectionKeeper keeper;
    private volatile @Nullable SenderLink link;
    private volatile @Nullable HubwireException failure;

    private C2dSender(ConnectionString hub, AmqpSettings settings, Clock clock, RandomGenerator random) {
        this.settings = settings;
        Destination destination = Destination.hub(hub, settings, random);
        Cancellation cancellation = new Cancellation();
        Connector connector = new Connector(settings, clock, random, cancellation);
        ConnectionKeeper.Use use = new ConnectionKeeper.Use() {
            @Override
            public Connector.Live connect() {
                return connector.connect(destination);
            }

            @Override
            public void setUp(Connector.Live live) {
                link = Waiting.on(live.connection()
                        .sender(
                                ADDRESS,
                                Map.of(CLIENT_VERSION, "hubwire"),
                                "sending to [" + ADDRESS + "]",
                                why -> keeper.broken(why)));
            }

            @Override
            public void gaveUp(HubwireException why) {
                failure = why;
            }
        };
        keeper = new ConnectionKeeper(
                "events-c2d", use, new Backoff(random), clock, settings.giveUpAfter(), cancellation);
    }

    /**
     * Connects; blocks until the hub has agreed.
     *
     * @param hub connection string of a policy with the right ServiceConnect
     * @throws HubwireException UNREACHABLE, TIMED_OUT, TLS_FAILED, UNAUTHORIZED; nothing is left running
     */
    public static C2dSender open(ConnectionString hub, AmqpSettings settings) {
        return open(hub, settings, Clock.systemUTC(), new SecureRandom());
    }

    static C2dSender open(ConnectionString hub, AmqpSettings settings, Clock clock, RandomGenerator random) {
        C2dSender sender = new C2dSender(hub, settings, clock, random);
        sender.keeper.start();
        return sender;
    }

    /**
     * Sends a message. Which feedback is wanted is said by {@link io.hubwire.protocol.SystemProperty#ACK}.
     *
     * @return a stage that completes on the connection's thread (do not block in a dependent action)
     *     <ul>
     *       <li>normally once the hub has queued it for the device;
     *       <li>with {@link AmqpException} code {@code NOT_FOUND} (no such device or module), {@code QUEUE_FULL} (50 wait),
     *           {@code TOO_LARGE}, {@code INVALID_ARGUMENT}, {@code UNAUTHORIZED}, {@code THROTTLED};
     *       <li>with {@code TIMED_OUT} or {@code CONNECTION_LOST}: it may have been queued all the same.
     *     </ul>
     * @throws io.hubwire.protocol.InvalidInputException when the hub would certainly refuse it: size, message id, expiry
     */
    public CompletableFuture<Void> send(Identity target, Message message) {
        var encoded = C2dEncoder.encode(target, message);
        HubwireException ended = failure;
        SenderLink current = link;
        if (ended != null || current == null) {
            return CompletableFuture.failedFuture(
                    ended != null
                            ? ended
                            : new TransportException(
                                    ErrorCode.CONNECTION_LOST, "not connected to send to [" + ADDRESS + "]"));
        }
        return current.send(encoded, settings.timeout());
    }

    /** The same operation, waiting for its outcome. */
    public Blocking blocking() {
        return new Blocking();
    }

    /** Sends and waits, at most as long as {@link AmqpSettings#timeout} says. */
    public final class Blocking {
        private Blocking() {}

        /** @throws HubwireException as {@link C2dSender#send} says */
        public void send(Identity target, Message message) {
            Waiting.on(C2dSender.this.send(target, message));
        }
    }

    /** Idempotent; takes less than a second. What has no outcome yet fails. */
    @Override
    public void close() {
        keeper.close();
    }
}
