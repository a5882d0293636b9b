package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.https.Api.Incident;
import io.hubwire.protocol.HubError;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * What Jetty itself refuses (a request line that cannot be read, headers without end, a body that does not come), in the
 * hub's words: an error body, never a page with a stack trace.
 */
final class EarlyRefusal implements Request.Handler {
    private final HttpTrace trace;
    private final Supplier<Incident> incidents;

    EarlyRefusal(HttpTrace trace, Supplier<Incident> incidents) {
        this.trace = trace;
        this.incidents = incidents;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        HttpAnswer answer = HubErrors.PLAIN.refusal(reason(request), incidents.get());
        trace.answer(request.getMethod(), String.valueOf(request.getHttpURI().getPathQuery()), answer);
        response.setStatus(answer.status());
        for (HttpField field : answer.headers()) {
            response.getHeaders().put(field);
        }
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        response.write(true, answer.body(), callback);
        return true;
    }

    private static HubException reason(Request request) {
        if (request.getAttribute(ErrorHandler.ERROR_EXCEPTION) instanceof Throwable failure
                && failure.getCause() instanceof HubException ours) {
            return ours;
        }
        int status = request.getAttribute(ErrorHandler.ERROR_STATUS) instanceof Integer known ? known : 500;
        return status >= 400 && status < 500
                ? new HubException(
                        HubError.GENERIC_BAD_REQUEST, "the request cannot be read as HTTP/1.1 (" + status + ")")
                : new HubException(HubError.SERVER_ERROR, "the hub failed; its log has the reason");
    }
}
