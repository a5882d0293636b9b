package io.hubwire.localhub.https;

import io.hubwire.localhub.https.Api.Incident;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Where Jetty hands over: each request becomes an {@link Exchange}, or a WebSocket. */
final class Dispatcher extends Handler.Abstract {
    private final RouteTable routes;
    private final WebSocketDoor webSockets;
    private final HttpTrace trace;
    private final Supplier<Incident> incidents;

    /** @param incidents makes one for each request */
    Dispatcher(RouteTable routes, WebSocketDoor webSockets, HttpTrace trace, Supplier<Incident> incidents) {
        this.routes = routes;
        this.webSockets = webSockets;
        this.trace = trace;
        this.incidents = incidents;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (WebSocketDoor.isMeant(request)) {
            return webSockets.upgrade(request, response, callback, incidents.get());
        }
        new Exchange(trace, request, response, callback, incidents.get()).begin(routes);
        return true;
    }

    static HttpCall.Peer peer(Request request) {
        List<X509Certificate> chain =
                request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE) instanceof EndPoint.SslSessionData tls
                                && tls.peerCertificates() != null
                        ? List.of(tls.peerCertificates())
                        : List.of();
        String authority = request.getHttpURI().getAuthority();
        return new HttpCall.Peer(chain, authority == null ? Request.getServerName(request) : authority);
    }
}
