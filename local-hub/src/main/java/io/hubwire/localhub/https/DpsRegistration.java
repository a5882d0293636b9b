package io.hubwire.localhub.https;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.Provisioning;
import io.hubwire.localhub.engine.Provisioning.Answer;
import io.hubwire.protocol.HubError;
import java.net.URI;
import java.util.List;
import java.util.Locale;

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
        Provisioning.requireSize(call.bodyLength());
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
        if (call.bodyLength() > 0) {
            requireLookUp(call.jsonObject(), call.parameter("registrationId"));
        }
        return HttpAnswer.json(
                200,
                provisioning.status(
                        call.parameter("idScope"), call.parameter("registrationId"), Authorization.ofDevice(call)));
    }

    private static void requireLookUp(ObjectNode body, String registrationId) {
        String inBody = body.path("registrationId").asText(registrationId);
        if (!inBody.equalsIgnoreCase(registrationId)) {
            throw new HubException(
                    HubError.ARGUMENT_INVALID,
                    "registrationId of the body [" + inBody + "] differs from that of the path [" + registrationId
                            + "]");
        }
        if (body.has("csr")) {
            throw new HubException(HubError.ARGUMENT_INVALID, "a csr has no place in a status look-up");
        }
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
        int operation = path.toLowerCase(Locale.ROOT).lastIndexOf("/operations/");
        return URI.create("https://" + call.peer().authority() + "/")
                .resolve(operation < 0 ? path : path.substring(0, operation) + "/register")
                .toString();
    }
}
