package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.Provisioning;
import io.hubwire.localhub.engine.Provisioning.Answer;
import java.net.URI;
import java.util.List;

/** The device API of DPS: register, poll, look up. Source: dps 2. */
final class DpsRegistration implements Resource {
    private static final String REGISTRATION = "/{idScope}/registrations/{registrationId}";

    private final Provisioning provisioning;
    private final DpsApi api;

    DpsRegistration(Provisioning provisioning, DpsApi api) {
        this.provisioning = provisioning;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                api.route("PUT", REGISTRATION + "/register", this::register),
                api.route("GET", REGISTRATION + "/operations/{operationId}", this::poll),
                api.route("POST", REGISTRATION, this::lookUp));
    }

    private HttpAnswer register(HttpCall call) {
        Answer answer = provisioning.register(
                call.parameter("idScope"),
                call.parameter("registrationId"),
                Authorization.ofDevice(call),
                call.json(),
                call.peer().hostAsked());
        return answer(answer, call);
    }

    private HttpAnswer poll(HttpCall call) {
        Answer answer = provisioning.operation(
                call.parameter("idScope"),
                call.parameter("registrationId"),
                Authorization.ofDevice(call),
                call.parameter("operationId"));
        return answer(answer, call);
    }

    private HttpAnswer lookUp(HttpCall call) {
        return HttpAnswer.json(
                200,
                provisioning.status(
                        call.parameter("idScope"), call.parameter("registrationId"), Authorization.ofDevice(call)));
    }

    /** A 202 says when to ask again, and repeats the register address without its api-version. */
    private static HttpAnswer answer(Answer answer, HttpCall call) {
        HttpAnswer http = HttpAnswer.json(answer.status(), answer.body());
        if (answer.retryAfter().isPresent()) {
            http = http.with(
                    "Retry-After", Long.toString(answer.retryAfter().get().toSeconds()));
        }
        return answer.status() == 202 ? http.with("Location", location(call)) : http;
    }

    private static String location(HttpCall call) {
        String path = call.target().path();
        int operation = path.toLowerCase(java.util.Locale.ROOT).lastIndexOf("/operations/");
        return URI.create("https://" + call.peer().authority() + "/")
                .resolve(operation < 0 ? path : path.substring(0, operation) + "/register")
                .toString();
    }
}
