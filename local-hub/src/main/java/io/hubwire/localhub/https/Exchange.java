package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.https.Api.Incident;
import io.hubwire.localhub.https.RouteTable.Match;
import io.hubwire.protocol.HubError;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: find the route, read the body within its bound, run the operation, write the answer, all before
 * the route's deadline. Whichever is first, answer or deadline, is what the client gets; the other is dropped. The
 * deadline is the network's, so it goes by Jetty's scheduler and not by the hub's clock, which tests may move.
 */
final class Exchange {
    private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";
    private static final String REQUEST_ID = "x-ms-request-id";

    private final HttpTrace trace;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Incident incident;
    private final String method;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final AtomicBoolean traced = new AtomicBoolean();
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile boolean reading = true;

    Exchange(HttpTrace trace, Request request, Response response, Callback callback, Incident incident) {
        this.trace = trace;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.incident = incident;
        this.method = method(request);
    }

    /** HTTP stacks without PATCH, such as the JDK's old one, send POST and say what they mean in a header. */
    private static String method(Request request) {
        String override = request.getHeaders().get(METHOD_OVERRIDE);
        return request.getMethod().equals("POST") && "PATCH".equalsIgnoreCase(override) ? "PATCH" : request.getMethod();
    }

    void begin(RouteTable routes) {
        RequestTarget target;
        Match match;
        try {
            target = RequestTarget.parse(
                    request.getHttpURI().getPath(), request.getHttpURI().getQuery());
            match = routes.find(method, target.segments());
        } catch (HubException broken) {
            refuse(broken);
            return;
        }
        if (match instanceof Match.Found found) {
            begin(found.route(), found.parameters(), target);
        } else if (match instanceof Match.WrongMethod wrong) {
            HubException refusal = new HubException(
                    HubError.GENERIC_METHOD_NOT_ALLOWED,
                    "Method not allowed. " + method + " is not one of " + wrong.allowed());
            finish(wrong.api().refusal(refusal, incident).with("Allow", String.join(", ", wrong.allowed())));
        } else {
            refuse(new HubException(HubError.GENERIC_NOT_FOUND, "nothing is at [" + target.path() + "]"));
        }
    }

    /** Answers with a refusal and nothing else. */
    void refuse(HubException refusal) {
        finish(HubErrors.PLAIN.refusal(refusal, incident));
    }

    private void begin(Route route, Map<String, String> parameters, RequestTarget target) {
        try {
            route.api().requireVersion(target);
        } catch (RuntimeException refusal) {
            finish(route.api().refusal(refusal, incident));
            return;
        }
        Scheduler.Task deadline = request.getComponents()
                .getScheduler()
                .schedule(() -> overdue(route), route.limits().deadline());
        // an idle connection is normal while a device thinks; the deadline ends what takes too long
        request.addIdleTimeoutListener(timeout -> reading);
        Callback.Completable whole = new Callback.Completable();
        read(route, whole);
        CompletableFuture<Void> unused = whole.whenComplete((nothing, failure) -> {
            reading = false;
            if (failure == null || failure instanceof HubException) {
                answer(route, perform(route, parameters, target, failure), deadline);
            } else {
                deadline.cancel();
                abandon(failure);
            }
        });
    }

    private void answer(Route route, CompletionStage<HttpAnswer> performed, Scheduler.Task deadline) {
        CompletionStage<HttpAnswer> unused = performed.whenComplete((answer, refusal) -> {
            deadline.cancel();
            finish(answer != null ? answer : route.api().refusal(refusal, incident));
        });
    }

    private void overdue(Route route) {
        HubException refusal = new HubException(
                HubError.REQUEST_TIMED_OUT,
                "no answer within " + route.limits().deadline().toMillis() + " ms");
        if (reading) {
            // Jetty waits for more of the body on our behalf, and lets us end that in this way only
            abandon(refusal);
        } else {
            finish(route.api().refusal(refusal, incident));
        }
    }

    /** The body did not come; {@link EarlyRefusal} answers if anyone still listens. */
    private void abandon(Throwable failure) {
        if (answered.compareAndSet(false, true)) {
            traceRequest();
            callback.failed(new QuietException.RuntimeException(failure));
        }
    }

    /** Reads what is there, and comes back when there is more. */
    private void read(Route route, Callback done) {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(() -> read(route, done));
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                done.failed(chunk.getFailure());
                return;
            }
            boolean fits = body.size() + chunk.remaining() <= route.limits().bodyBytes();
            if (fits) {
                byte[] bytes = new byte[chunk.remaining()];
                chunk.getByteBuffer().get(bytes);
                body.writeBytes(bytes);
            }
            boolean last = chunk.isLast();
            chunk.release();
            if (!fits) {
                done.failed(new HubException(
                        HubError.MESSAGE_TOO_LARGE,
                        "the body has more than " + route.limits().bodyBytes() + " bytes"));
                return;
            }
            if (last) {
                done.succeeded();
                return;
            }
        }
    }

    private CompletionStage<HttpAnswer> perform(
            Route route, Map<String, String> parameters, RequestTarget target, @Nullable Throwable tooLarge) {
        traceRequest();
        if (tooLarge != null) {
            return CompletableFuture.failedFuture(tooLarge);
        }
        try {
            return route.operation()
                    .answer(new HttpCall(
                            target, parameters, request.getHeaders(), body.toByteArray(), Dispatcher.peer(request)));
        } catch (RuntimeException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    private void finish(HttpAnswer answer) {
        if (answered.compareAndSet(false, true)) {
            try {
                traceRequest();
                trace.answer(method, pathAndQuery(), answer);
                write(answer);
            } catch (RuntimeException e) {
                // nobody above would notice, and the client would wait for ever
                callback.failed(e);
            }
        }
    }

    private void write(HttpAnswer answer) {
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        for (HttpField field : answer.headers()) {
            headers.put(field);
        }
        headers.put(REQUEST_ID, incident.trackingId().toString());
        response.write(true, answer.body(), callback);
    }

    private void traceRequest() {
        if (trace.isOn() && traced.compareAndSet(false, true)) {
            trace.request(method, pathAndQuery(), request.getHeaders(), ByteBuffer.wrap(body.toByteArray()));
        }
    }

    private String pathAndQuery() {
        return Optional.ofNullable(request.getHttpURI().getPathQuery()).orElse("");
    }
}
