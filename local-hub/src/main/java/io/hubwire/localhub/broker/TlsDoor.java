package io.hubwire.localhub.broker;

import com.hivemq.bootstrap.netty.ChannelHandlerNames;
import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.localhub.mqtt.ConnectPolicy;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.trace.WireTrace;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MQTT port: TLS in the broker's own pipeline, any client certificate welcome. */
final class TlsDoor extends Door {
    private static final Logger log = LoggerFactory.getLogger("io.hubwire.localhub.mqtt");
    private static final int HANDSHAKE_WITHIN_MILLIS = 20_000;
    /** The broker flushes each PUBACK alone; gathered, a busy connection carries almost three times as much. */
    private static final int FLUSHES_AT_ONCE = 256;

    private final HubTls tls;

    TlsDoor(Broker broker, HubTls tls, Connections connections, ConnectPolicy policy, WireTrace trace) {
        super(broker, "mqtt-tls", connections, policy, trace);
        this.tls = tls;
    }

    @Override
    void addTransport(Channel channel, Connection connection) {
        SSLEngine engine = tls.serverContext().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setWantClientAuth(true);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(HANDSHAKE_WITHIN_MILLIS);
        channel.pipeline()
                .addFirst(ChannelHandlerNames.SSL_HANDLER, handler)
                .addAfter(
                        ChannelHandlerNames.SSL_HANDLER,
                        "hubwire_flush",
                        new FlushConsolidationHandler(FLUSHES_AT_ONCE, true))
                .addAfter("hubwire_flush", "hubwire_facts", new Handshake(engine, connection));
    }

    /** Waits for the handshake, notes who came, and leaves the pipeline. */
    private static final class Handshake extends ChannelInboundHandlerAdapter {
        private final SSLEngine engine;
        private final Connection connection;

        Handshake(SSLEngine engine, Connection connection) {
            this.engine = engine;
            this.connection = connection;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                SSLSession session = engine.getSession();
                connection.learned(new ConnectionFacts(
                        chain(session), sni(session), ctx.channel().remoteAddress()));
                ctx.pipeline().remove(this);
            }
            ctx.fireUserEventTriggered(event);
        }

        /** What goes wrong before the handshake is done; a client that does not trust the hub, most likely. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.info("no TLS with {}: {}", ctx.channel().remoteAddress(), reason(cause));
            ctx.close();
        }

        private static String reason(Throwable cause) {
            Throwable inner = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
            return inner instanceof NotSslRecordException ? "the client does not speak TLS" : inner.toString();
        }

        private static List<X509Certificate> chain(SSLSession session) {
            try {
                return Stream.of(session.getPeerCertificates())
                        .map(X509Certificate.class::cast)
                        .toList();
            } catch (SSLPeerUnverifiedException e) {
                return List.of(); // the usual case: a device with a key
            }
        }

        private static @Nullable String sni(SSLSession session) {
            return session instanceof ExtendedSSLSession extended
                    ? extended.getRequestedServerNames().stream()
                            .filter(SNIHostName.class::isInstance)
                            .map(name -> ((SNIHostName) name).getAsciiName())
                            .findFirst()
                            .orElse(null)
                    : null;
        }
    }
}
