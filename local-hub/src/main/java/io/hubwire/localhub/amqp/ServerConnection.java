package io.hubwire.localhub.amqp;

import io.hubwire.protocol.time.Timer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.engine.Connection;
import org.apache.qpid.protonj2.engine.ConnectionState;
import org.apache.qpid.protonj2.engine.Engine;
import org.apache.qpid.protonj2.engine.Session;
import org.apache.qpid.protonj2.engine.exceptions.EngineStateException;
import org.apache.qpid.protonj2.types.transport.AMQPHeader;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One AMQP connection of the hub: bytes in, bytes out, no socket. The peer's first bytes decide whether there is a SASL
 * layer. What breaks the protocol ends this connection, with the reason in its Close where there can be one, and no other.
 * Not thread-safe: everything on one thread, which also runs what {@link ConnectionTurn#execute} is given. Source: amqp
 * 9.2.
 */
final class ServerConnection {
    /** Advertised; a peer silent for longer is cut, and it is sent something at least half as often as it asks. */
    static final Duration IDLE_TIMEOUT = Duration.ofMinutes(4);
    /** From the first byte to Open. */
    static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);
    private static final String CONTAINER_ID = "hubwire-local-hub";
    private static final int MAX_FRAME = 64 * 1024;
    private static final int MAX_CHANNEL = 1023;
    private static final int MAX_HANDLE = 1023;
    private static final int PROTOCOL_ID = 4;
    private static final int SASL = 3;
    private static final int FULL = 256 * 1024;

    private final ServerContext context;
    private final FrameAssembler frames = new FrameAssembler(MAX_FRAME);
    private final LateFrames late = new LateFrames();
    private final ConnectionRights rights = new ConnectionRights();
    private final OutputBuffer output = new OutputBuffer();
    private final Deque<Runnable> postponed = new ArrayDeque<>();
    private final ServerLinks links;
    private final ConnectionTurn turn;
    private @Nullable Engine engine;
    private Timer.@Nullable Scheduled expiry;
    private long bornMillis = -1;
    private boolean over;

    /** @param executor runs tasks on this connection's thread; forgets them once it is over */
    ServerConnection(ServerContext context, Executor executor) {
        this.context = context;
        this.turn = new ConnectionTurn() {
            @Override
            public void execute(Runnable task) {
                executor.execute(() -> {
                    if (!over) {
                        task.run();
                    }
                });
            }

            @Override
            public boolean outputFull() {
                return output.size() >= FULL;
            }

            @Override
            public void afterWrite(Runnable task) {
                postponed.add(task);
            }

            @Override
            public void closed(ServerLink link) {
                links.closed(link);
            }
        };
        this.links = new ServerLinks(context, rights, new CbsNode(context.hub(), rights, path -> expectExpiry()), turn);
    }

    /** Takes what the peer sent. @param bytes copied */
    void received(byte[] bytes, int length) {
        if (over) {
            return;
        }
        byte[] whole = frames.add(bytes, length);
        if (whole.length == 0) {
            return;
        }
        if (engine == null) {
            begin(whole);
        } else {
            ingest(engine, whole);
        }
    }

    /** Writes what the turns so far have produced. */
    void flush(ByteSink sink) throws IOException {
        output.writeTo(sink);
        for (Runnable task = postponed.poll(); task != null; task = postponed.poll()) {
            turn.execute(task);
        }
    }

    /** Nothing more will be read or produced; what is left is to flush and to close. */
    boolean isOver() {
        return over;
    }

    /**
     * Lets time pass.
     *
     * @param nowMillis of a clock that only matters to itself
     * @return how long until it should be called again, more than 0 ms
     */
    long tick(long nowMillis) {
        if (bornMillis < 0) {
            bornMillis = nowMillis;
        }
        Engine running = engine;
        if (running == null || running.connection().getState() == ConnectionState.IDLE) {
            long left = bornMillis + HANDSHAKE_TIMEOUT.toMillis() - nowMillis;
            over |= left <= 0;
            return Math.max(1, left);
        }
        if (over || running.connection().getState() != ConnectionState.ACTIVE) {
            return HANDSHAKE_TIMEOUT.toMillis();
        }
        try {
            long deadline = running.tick(nowMillis);
            // half-way checks, as a deadline moves with each byte
            return deadline == 0 ? IDLE_TIMEOUT.toMillis() : Math.max(1, (deadline - nowMillis) / 2);
        } catch (EngineStateException idle) {
            over = true;
            return 1;
        }
    }

    /** Ends the connection from the hub's side. */
    void end(String condition, String description) {
        if (!over && engine != null && engine.connection().getState() == ConnectionState.ACTIVE && !engine.isFailed()) {
            engine.connection().setCondition(new ErrorCondition(condition, description));
            engine.connection().close();
        }
        over = true;
    }

    /** The transport is gone: gives back what the links hold. Called once, last. */
    void gone() {
        over = true;
        if (expiry != null) {
            expiry.cancel();
        }
        links.endAll();
        if (engine != null) {
            engine.shutdown();
        }
    }

    private void begin(byte[] bytes) {
        boolean amqp = bytes.length >= AMQPHeader.HEADER_SIZE_BYTES
                && bytes[0] == 'A'
                && bytes[1] == 'M'
                && bytes[2] == 'Q'
                && bytes[3] == 'P';
        if (!amqp || bytes[PROTOCOL_ID] != 0 && bytes[PROTOCOL_ID] != SASL) {
            // the answer AMQP asks for: the header this side would understand
            output.append(AMQPHeader.getSASLHeader().getBuffer());
            over = true;
            return;
        }
        boolean sasl = bytes[PROTOCOL_ID] == SASL;
        Engine made = Engines.create(sasl, late, context.hub().trace());
        engine = made;
        made.outputConsumer(output::append);
        made.errorHandler(failed -> {
            LOG.debug("AMQP connection failed", failed.failureCause());
            over = true;
        });
        if (sasl) {
            made.saslDriver().server().setListener(new SaslLogin(context.hub(), rights, () -> over = true));
        }
        listen(made.connection());
        made.start();
        ingest(made, bytes);
    }

    private void listen(Connection connection) {
        connection.setContainerId(CONTAINER_ID);
        connection.setMaxFrameSize(MAX_FRAME);
        connection.setChannelMax(MAX_CHANNEL);
        connection.setIdleTimeout(IDLE_TIMEOUT.toMillis());
        connection.openHandler(opened -> {
            links.addressedAs(opened.getRemoteHostname());
            opened.open();
            expectExpiry();
        });
        connection.closeHandler(closed -> {
            closed.close();
            over = true;
        });
        connection.localCloseHandler(closed -> over = true);
        connection.sessionOpenHandler(this::sessionOpened);
        connection.senderOpenHandler(links::attached);
        connection.receiverOpenHandler(links::attached);
    }

    private void sessionOpened(Session session) {
        session.setHandleMax(MAX_HANDLE);
        session.closeHandler(ended -> {
            links.ended(ended);
            ended.close();
        });
        session.open();
    }

    private void ingest(Engine into, byte[] bytes) {
        try {
            var buffer = ProtonBufferAllocator.defaultAllocator().copy(bytes);
            if (late.headerSeen()) {
                into.ingest(buffer);
            } else {
                Codecs.withFresh(() -> into.ingest(buffer));
            }
        } catch (EngineStateException broken) {
            LOG.debug("AMQP connection ends: {}", broken.getMessage());
            over = true;
        } catch (StackOverflowError nested) {
            LOG.debug("AMQP connection ends: values nested too deep");
            over = true;
        }
    }

    /** Looks at the links again when the first of the tokens ends. */
    private void expectExpiry() {
        if (expiry != null) {
            expiry.cancel();
        }
        Instant now = context.hub().clock().instant();
        expiry = rights.nextEnd(now)
                .map(end -> context.hub()
                        .timer()
                        .schedule(Duration.between(now, end).plusMillis(1), () -> turn.execute(this::tokensEnded)))
                .orElse(null);
    }

    private void tokensEnded() {
        links.dropExpired(context.hub().clock().instant());
        expectExpiry();
    }
}
