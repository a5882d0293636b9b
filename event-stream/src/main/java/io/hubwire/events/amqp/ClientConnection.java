package io.hubwire.events.amqp;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.trace.WireTrace;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.qpid.protonj2.buffer.impl.ProtonByteArrayBufferAllocator;
import org.apache.qpid.protonj2.codec.Decoder;
import org.apache.qpid.protonj2.engine.Connection;
import org.apache.qpid.protonj2.engine.ConnectionState;
import org.apache.qpid.protonj2.engine.Engine;
import org.apache.qpid.protonj2.engine.Link;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.engine.Session;
import org.apache.qpid.protonj2.engine.exceptions.EngineStateException;
import org.apache.qpid.protonj2.engine.exceptions.IdleTimeoutException;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.messaging.Source;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.apache.qpid.protonj2.types.transport.ReceiverSettleMode;
import org.apache.qpid.protonj2.types.transport.SenderSettleMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One AMQP connection to the service. Two threads: one reads the socket, one owns the engine, runs all that happens and
 * writes once a turn. Thread-safe. What is asked for completes within its time-out, on the connection's thread, and fails
 * when the connection ends; {@link #onEnd} tells of that once.
 */
public final class ClientConnection implements Executor, AutoCloseable {
    /**
     * How to speak.
     *
     * @param sasl false for AMQP from the first byte
     * @param timeout for each step
     * @param clock for idle time-outs and deadlines
     * @param random for WebSocket's masks
     */
    public record Settings(
            boolean sasl, String containerId, Duration timeout, WireTrace trace, Clock clock, RandomGenerator random) {}

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(600);
    private static final int MAX_FRAME = 64 * 1024;

    private final Route route;
    private final Settings settings;
    private final Wire wire;
    private final EngineLoop loop;
    private final Engine engine;
    private final Engines.HeaderWatch header = new Engines.HeaderWatch();
    private final OutputBuffer output = new OutputBuffer();
    private final Decoder decoder = Codecs.newDecoder();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<HubwireException> end = new CompletableFuture<>();
    private final Set<CompletableFuture<?>> pending = new HashSet<>();
    private final Map<Link<?>, Consumer<HubwireException>> links = new LinkedHashMap<>();
    private @Nullable Session session;
    private long linkNumber;
    private volatile boolean over;
    private volatile long writingSince = Long.MAX_VALUE;

    private ClientConnection(Route route, Settings settings, Wire wire) {
        this.route = route;
        this.settings = settings;
        this.wire = wire;
        this.engine = Engines.create(settings.sasl(), header, settings.trace());
        this.loop = new EngineLoop(settings.clock(), new EngineLoop.Driven() {
            @Override
            public boolean turnDone() {
                return flush() && !over;
            }

            @Override
            public void ended(@Nullable Throwable cause) {
                finish(cause);
            }
        });
    }

    /**
     * Connects, logs in if asked to, and opens.
     *
     * @throws HubwireException within some times {@code timeout}: UNREACHABLE, TIMED_OUT, TLS_FAILED, UNAUTHORIZED,
     *     MALFORMED_REPLY
     */
    public static ClientConnection open(Route route, Settings settings, Cancellation cancellation) {
        Wire wire = new Dialer(route, settings.timeout(), settings.clock(), settings.random()).dial(cancellation);
        ClientConnection connection = new ClientConnection(route, settings, wire);
        String name = "hubwire-events-" + route.host() + ":" + wire.tcp().getLocalPort();
        connection.loop.start(name);
        Threads.start(name + "-reader", connection::read);
        connection.execute(connection::begin);
        try {
            Waiting.on(connection.opened);
            return connection;
        } catch (HubwireException failed) {
            wire.cut();
            throw failed;
        }
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    /** As {@link #execute}. @return false when the task will not run, as the connection is over */
    boolean offer(Runnable task) {
        return loop.offer(task);
    }

    /** Completes, normally, with why the connection ended; also after {@link #close}. */
    public CompletableFuture<HubwireException> onEnd() {
        return end.copy();
    }

    public boolean isOver() {
        return over;
    }

    /**
     * Opens a link on which messages arrive.
     *
     * @param properties of the attach; may be empty
     * @return completes once the peer has agreed; fails with what it said instead
     */
    public CompletableFuture<ReceiverLink> receiver(
            String address,
            Map<Symbol, Object> filter,
            Map<Symbol, Object> properties,
            ReceiverLink.Listener listener) {
        String what = "receiving from [" + address + "]";
        CompletableFuture<ReceiverLink> result = new CompletableFuture<>();
        run(result, what, () -> {
            Receiver link = currentSession().receiver("hubwire-" + ++linkNumber);
            Source source = new Source().setAddress(address);
            source.setFilter(filter.isEmpty() ? null : filter);
            link.setSource(source).setTarget(new Target().setAddress(settings.containerId()));
            link.setSenderSettleMode(SenderSettleMode.MIXED).setReceiverSettleMode(ReceiverSettleMode.FIRST);
            link.setProperties(properties.isEmpty() ? null : properties);
            ReceiverLink.listen(link, decoder, listener);
            watch(
                    link,
                    what,
                    result,
                    () -> link.getRemoteSource() != null,
                    () -> new ReceiverLink(this, link),
                    listener::ended);
            link.open();
        });
        return result;
    }

    /**
     * Opens a link on which we send.
     *
     * @param properties of the attach; may be empty
     * @param ended told, on the connection's thread, when the link is over and not because we closed it
     */
    public CompletableFuture<SenderLink> sender(
            String address, Map<Symbol, Object> properties, String what, Consumer<HubwireException> ended) {
        CompletableFuture<SenderLink> result = new CompletableFuture<>();
        run(result, what, () -> {
            Sender link = currentSession().sender("hubwire-" + ++linkNumber);
            link.setSource(new Source().setAddress(settings.containerId()));
            link.setTarget(new Target().setAddress(address));
            link.setSenderSettleMode(SenderSettleMode.UNSETTLED).setReceiverSettleMode(ReceiverSettleMode.FIRST);
            link.setProperties(properties.isEmpty() ? null : properties);
            SenderLink sender = new SenderLink(this, link, what);
            watch(link, what, result, () -> link.getRemoteTarget() != null, () -> sender, why -> {
                sender.ended(why);
                ended.accept(why);
            });
            link.open();
        });
        return result;
    }

    /** Fails {@code result} unless it completes in time. On the connection's thread only. */
    void expire(CompletableFuture<?> result, Duration timeout, String what, Runnable late) {
        pending.add(result);
        result.whenComplete((ok, failed) -> loop.execute(() -> pending.remove(result)));
        loop.schedule(timeout, () -> {
            if (result.completeExceptionally(new TransportException(
                    ErrorCode.TIMED_OUT, what + ": no answer within " + timeout.toMillis() + " ms"))) {
                late.run();
            }
        });
    }

    TransportException lost(String what) {
        return new TransportException(ErrorCode.CONNECTION_LOST, what + ": the connection has ended");
    }

    /** For each step. */
    public Duration timeout() {
        return settings.timeout();
    }

    /** Cuts the line when the peer has left what we send unread for longer than the time-out: no step could end then. */
    public void cutIfStalled() {
        if (settings.clock().millis() - settings.timeout().toMillis() > writingSince) {
            LOG.info("{} takes nothing any more and is left", route.described());
            wire.cut();
        }
    }

    /** Ends in order if the peer is quick, else without. Idempotent; takes less than a second. */
    @Override
    public void close() {
        loop.execute(() -> {
            if (engine.connection().getState() == ConnectionState.ACTIVE && !engine.isFailed()) {
                engine.connection().close();
                loop.schedule(CLOSE_TIMEOUT, () -> over = true);
            } else {
                over = true;
            }
        });
        try {
            if (!loop.awaitEnd(CLOSE_TIMEOUT.plusMillis(100))) {
                wire.cut();
                loop.awaitEnd(Duration.ofMillis(200));
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            wire.cut();
        }
    }

    private void begin() {
        engine.outputConsumer(output::append);
        engine.errorHandler(failed -> {
            Throwable cause = failed.failureCause();
            fail(cause instanceof IdleTimeoutException ? silence(cause) : protocolFailure(cause));
        });
        if (settings.sasl()) {
            engine.saslDriver().client().setListener(new SaslStart(route.hostname(), this::fail));
        }
        Connection connection = engine.start();
        connection.setContainerId(settings.containerId()).setHostname(route.hostname());
        connection.setMaxFrameSize(MAX_FRAME).setIdleTimeout(IDLE_TIMEOUT.toMillis());
        connection.openHandler(remote -> {
            opened.complete(null);
            tick();
        });
        connection.closeHandler(remote -> {
            boolean byUs = remote.isLocallyClosed();
            remote.close();
            fail(
                    byUs
                            ? new TransportException(ErrorCode.CANCELLED, "the connection was closed")
                            : Failures.of(remote.getRemoteCondition(), route.described()));
        });
        expire(opened, settings.timeout(), "opening " + route.described(), () -> over = true);
        connection.open();
    }

    private Session currentSession() {
        Session current = session;
        if (current == null || !current.isLocallyOpen()) {
            current = engine.connection().session();
            current.closeHandler(ended -> {
                HubwireException why = Failures.of(ended.getRemoteCondition(), "AMQP session");
                ended.close();
                fail(why);
            });
            current.open();
            session = current;
        }
        return current;
    }

    private <T> void run(CompletableFuture<T> result, String what, Runnable task) {
        boolean queued = loop.offer(() -> {
            if (over || engine.connection().getState() != ConnectionState.ACTIVE) {
                result.completeExceptionally(lost(what));
                return;
            }
            expire(result, settings.timeout(), what, () -> {});
            task.run();
        });
        if (!queued) {
            result.completeExceptionally(lost(what));
        }
    }

    /** A refused attach is answered with an attach that lacks a terminus, and then with a detach that says why. */
    private <L extends Link<L>, T> void watch(
            L link,
            String what,
            CompletableFuture<T> result,
            BooleanSupplier agreed,
            Supplier<T> made,
            Consumer<HubwireException> listener) {
        links.put(link, listener);
        link.openHandler(remote -> {
            if (agreed.getAsBoolean() && !result.complete(made.get())) {
                link.close(); // nobody waits for it any more
            }
        });
        link.closeHandler(remote -> linkEnded(link, what, result));
        link.detachHandler(remote -> linkEnded(link, what, result));
    }

    private <L extends Link<L>> void linkEnded(L link, String what, CompletableFuture<?> result) {
        boolean byUs = link.isLocallyClosedOrDetached();
        link.close();
        Consumer<HubwireException> listener = links.remove(link);
        HubwireException why = Failures.of(link.getRemoteCondition(), what);
        if (!result.completeExceptionally(why) && !byUs && listener != null) {
            listener.accept(why);
        }
    }

    private void tick() {
        if (over || engine.connection().getState() != ConnectionState.ACTIVE) {
            return;
        }
        try {
            long now = settings.clock().millis();
            long deadline = engine.tick(now);
            long wait = deadline == 0 ? IDLE_TIMEOUT.toMillis() : (deadline - now) / 2;
            loop.schedule(Duration.ofMillis(Math.max(1, wait)), this::tick);
        } catch (EngineStateException idle) {
            fail(silence(idle));
        }
    }

    private void read() {
        HubwireException why;
        try {
            FrameReader frames = new FrameReader(wire.in(), MAX_FRAME);
            boolean welcome = true;
            for (byte[] run = frames.next(); run != null && welcome; run = frames.next()) {
                byte[] whole = run;
                welcome = loop.received(() -> ingest(whole));
            }
            why = new TransportException(ErrorCode.CONNECTION_LOST, route.described() + " closed the connection");
        } catch (IOException broken) {
            why = new TransportException(
                    ErrorCode.CONNECTION_LOST, route.described() + ": " + broken.getMessage(), broken);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            why = new TransportException(ErrorCode.CANCELLED, "the reader was interrupted", asked);
        }
        HubwireException cause = why;
        loop.execute(() -> fail(cause));
    }

    private void ingest(byte[] whole) {
        if (over || !engine.isWritable()) {
            return;
        }
        try {
            var buffer = ProtonByteArrayBufferAllocator.wrapped(whole);
            if (header.seen()) {
                engine.ingest(buffer);
            } else {
                Codecs.withFresh(() -> engine.ingest(buffer));
            }
        } catch (EngineStateException broken) {
            fail(protocolFailure(broken));
        }
    }

    private HubwireException silence(Throwable idle) {
        return new TransportException(
                ErrorCode.CONNECTION_LOST,
                route.described() + " was silent for " + IDLE_TIMEOUT.toSeconds() + " s",
                idle);
    }

    private HubwireException protocolFailure(@Nullable Throwable cause) {
        return new RemoteProtocolException(
                route.described() + " broke the protocol: " + (cause == null ? "" : cause.getMessage()), cause);
    }

    private boolean flush() {
        writingSince = settings.clock().millis();
        try {
            output.writeTo(wire.out());
            return true;
        } catch (IOException broken) {
            fail(new TransportException(
                    ErrorCode.CONNECTION_LOST, route.described() + ": " + broken.getMessage(), broken));
            return false;
        } finally {
            writingSince = Long.MAX_VALUE;
        }
    }

    /** The first reason counts. On the connection's thread. */
    private void fail(HubwireException why) {
        over = true;
        HubwireException reason = end.getNow(why);
        opened.completeExceptionally(reason);
        Set.copyOf(pending).forEach(p -> p.completeExceptionally(reason));
        if (!end.isDone()) {
            List<Consumer<HubwireException>> listeners = new ArrayList<>(links.values());
            links.clear();
            listeners.forEach(l -> l.accept(reason));
            end.complete(reason);
        }
    }

    private void finish(@Nullable Throwable cause) {
        fail(
                cause == null
                        ? new TransportException(ErrorCode.CANCELLED, "the connection was closed")
                        : protocolFailure(cause));
        engine.shutdown();
        wire.sayGoodbye();
        wire.cut();
    }
}
