package io.hubwire.localhub.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.LocalHub;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.engine.Connection;
import org.apache.qpid.protonj2.engine.Engine;
import org.apache.qpid.protonj2.engine.EngineFactory;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.engine.Session;
import org.apache.qpid.protonj2.engine.sasl.client.SaslAuthenticator;
import org.apache.qpid.protonj2.engine.sasl.client.SaslCredentialsProvider;
import org.apache.qpid.protonj2.engine.sasl.client.SaslMechanismSelector;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.messaging.Source;
import org.apache.qpid.protonj2.types.messaging.Target;

/** A back end on the JDK's WebSocket. Everything of AMQP happens on the test's own thread, in {@link #until}. */
final class WebSocketPeer implements WebSocket.Listener, AutoCloseable {
    /** Payloads of what arrived, a message each. */
    final List<ProtonBuffer> arrived = new ArrayList<>();
    /** The server's close code, or -1 when the connection broke. */
    final CompletableFuture<Integer> closed = new CompletableFuture<>();

    final Engine engine = EngineFactory.PROTON.createEngine();
    final Connection connection;
    private final WebSocket socket;
    private final int frame;
    private final BlockingQueue<byte[]> incoming = new LinkedBlockingQueue<>();

    /**
     * Opens the WebSocket; {@link #open} does the same for AMQP.
     *
     * @param frame bytes to a WebSocket message, at most
     */
    WebSocketPeer(LocalHub hub, String path, int frame) throws Exception {
        this.frame = frame;
        socket = HttpClient.newBuilder()
                .sslContext(TlsTrust.pem(hub.caFile()).context())
                .build()
                .newWebSocketBuilder()
                .subprotocols("AMQPWSB10")
                .buildAsync(URI.create("wss://localhost:" + hub.httpsPort() + path), this)
                .get(10, TimeUnit.SECONDS);
        assertThat(socket.getSubprotocol()).isEqualTo("AMQPWSB10");
        engine.saslDriver().client().setListener(login());
        engine.outputConsumer(this::send);
        engine.errorHandler(failed -> {});
        connection = engine.start();
    }

    private static SaslAuthenticator login() {
        return new SaslAuthenticator(new SaslMechanismSelector(List.of("PLAIN")), new SaslCredentialsProvider() {
            @Override
            public String vhost() {
                return "localhost";
            }

            @Override
            public String username() {
                return "service";
            }

            @Override
            public String password() {
                return AmqpTestHub.SERVICE_KEY;
            }

            @Override
            public java.security.Principal localPrincipal() {
                return null;
            }
        });
    }

    WebSocketPeer open() throws InterruptedException {
        connection.setContainerId("test").setHostname("localhost").open();
        until(connection::isRemotelyOpen);
        return this;
    }

    /** Reads partition 0 of {@code $Default} from the start, with all the credit in the world. */
    Receiver reader(Long epoch) throws InterruptedException {
        Session session = connection.session().open();
        Receiver link = session.receiver("reader");
        link.setSource(new Source().setAddress("hubwire-events/ConsumerGroups/$Default/Partitions/0"))
                .setTarget(new Target().setAddress("here"));
        if (epoch != null) {
            link.setProperties(Map.of(Symbol.valueOf("com.microsoft:epoch"), epoch));
        }
        link.deliveryReadHandler(delivery -> {
            if (!delivery.isPartial()) {
                arrived.add(delivery.readAll());
            }
        });
        link.addCredit(100_000);
        link.open();
        until(() -> link.isRemotelyOpen() && link.getRemoteSource() != null || link.isRemotelyClosed());
        return link;
    }

    Sender sender(String target) throws InterruptedException {
        Sender link = connection.session().open().sender("sender");
        link.setSource(new Source().setAddress("here")).setTarget(new Target().setAddress(target));
        link.open();
        until(link::isSendable);
        return link;
    }

    /** Feeds the engine until something is so. */
    void until(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            byte[] bytes = incoming.poll(10, TimeUnit.SECONDS);
            assertThat(bytes).as("something from the hub within 10 s").isNotNull();
            engine.accept(ProtonBufferAllocator.defaultAllocator().copy(bytes));
        }
    }

    /** Sends bytes as they are, {@code frame} to a message. */
    void raw(byte[] bytes) {
        for (int at = 0; at < bytes.length; at += frame) {
            socket.sendBinary(ByteBuffer.wrap(bytes, at, Math.min(frame, bytes.length - at)), true)
                    .join();
        }
    }

    /** Vanishes without a word. */
    @Override
    public void close() {
        socket.abort();
    }

    private void send(ProtonBuffer out) {
        byte[] bytes = new byte[out.getReadableBytes()];
        out.copyInto(out.getReadOffset(), bytes, 0, bytes.length);
        raw(bytes);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        incoming.add(bytes);
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.complete(-1);
    }
}
