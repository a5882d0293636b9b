package io.hubwire.localhub.webhook;

import io.hubwire.localhub.tls.HubTls;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * A webhook somebody else wrote, on a free port of 127.0.0.1. On Jetty: the JDK's own server, in JDK 25, resets or refuses a
 * few in a thousand connections when the next one comes while the last is being closed.
 */
final class WebhookServer implements AutoCloseable {
    /** What was asked. */
    record Question(String method, String path, @Nullable String contentType, String body) {}

    /** What is said to it. */
    record Answer(int status, byte[] body, Map<String, String> headers) {
        Answer(int status, byte[] body) {
            this(status, body, Map.of());
        }
    }

    private final Server server = new Server();
    private final ServerConnector connector;

    private WebhookServer(@Nullable HubTls tls, Function<Question, Answer> answering) throws Exception {
        if (tls == null) {
            connector = new ServerConnector(server);
        } else {
            SslContextFactory.Server secure = new SslContextFactory.Server();
            secure.setSslContext(tls.serverContext());
            connector = new ServerConnector(
                    server, new SslConnectionFactory(secure, "http/1.1"), new HttpConnectionFactory());
        }
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        server.setHandler(new Answering(answering));
        server.start();
    }

    static WebhookServer http(Function<Question, Answer> answering) throws Exception {
        return new WebhookServer(null, answering);
    }

    static WebhookServer https(HubTls tls, Function<Question, Answer> answering) throws Exception {
        return new WebhookServer(tls, answering);
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    private static final class Answering extends Handler.Abstract {
        private final Function<Question, Answer> answering;

        Answering(Function<Question, Answer> answering) {
            this.answering = answering;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            Answer answer = answering.apply(new Question(
                    request.getMethod(),
                    Request.getPathInContext(request),
                    request.getHeaders().get(HttpHeader.CONTENT_TYPE),
                    Content.Source.asString(request, StandardCharsets.UTF_8)));
            response.setStatus(answer.status());
            answer.headers().forEach(response.getHeaders()::put);
            response.write(true, ByteBuffer.wrap(answer.body()), callback);
            return true;
        }
    }
}
