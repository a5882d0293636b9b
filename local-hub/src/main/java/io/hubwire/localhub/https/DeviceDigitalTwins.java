package io.hubwire.localhub.https;

import static io.hubwire.localhub.engine.AccessControl.Right.SERVICE_CONNECT;

import io.hubwire.localhub.engine.DirectMethods.Result;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.HubNames;
import io.hubwire.localhub.engine.digitaltwins.DigitalTwins;
import io.hubwire.localhub.https.Route.Limits;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Digital twins: get, JSON Patch, commands. No thread waits for the device. Source: service-rest 11. */
final class DeviceDigitalTwins implements Resource {
    private static final String TWIN = "/digitaltwins/{deviceId}";
    private static final String COMMAND = "/commands/{command}";
    private static final String COMPONENT = "/components/{component}";
    private static final int DEFAULT_RESPONSE_SECONDS = 30;

    private final DigitalTwins twins;
    private final HubNames names;
    private final Supplier<UUID> requestIds;
    private final ServiceApi api;
    private final ServiceApi commands;

    /**
     * @param commands an API that refuses as methods do
     * @param requestIds one for each command
     */
    DeviceDigitalTwins(
            DigitalTwins twins, HubNames names, Supplier<UUID> requestIds, ServiceApi api, ServiceApi commands) {
        this.twins = twins;
        this.names = names;
        this.requestIds = requestIds;
        this.api = api;
        this.commands = commands;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                api.route("GET", TWIN, SERVICE_CONNECT, this::get),
                api.route("PATCH", TWIN, SERVICE_CONNECT, this::patch),
                commands.route(
                        "POST", TWIN + COMMAND, Limits.METHOD, SERVICE_CONNECT, call -> invoke(call, Optional.empty())),
                commands.route(
                        "POST",
                        TWIN + COMPONENT + COMMAND,
                        Limits.METHOD,
                        SERVICE_CONNECT,
                        call -> invoke(call, Optional.of(call.parameter("component")))));
    }

    private HttpAnswer get(HttpCall call) {
        DigitalTwins.Tagged found = twins.get(call.identity());
        return HttpAnswer.json(200, found.digitalTwin()).withETag(found.etag());
    }

    private HttpAnswer patch(HttpCall call) {
        Identity device = call.identity();
        DigitalTwins.Tagged after = twins.patch(device, call.jsonArray(), call.ifMatch());
        return HttpAnswer.empty(202)
                .withETag(after.etag())
                .with(
                        "Location",
                        "https://" + names.primaryHost() + call.target().path() + "?api-version="
                                + call.target().parameter(ApiVersion.PARAMETER).orElseThrow());
    }

    private CompletionStage<HttpAnswer> invoke(HttpCall call, Optional<String> component) {
        byte[] payload = call.bodyLength() == 0 ? new byte[0] : Json.writeBytes(call.json());
        String requestId = requestIds.get().toString();
        return twins.command(
                        call.identity(),
                        component,
                        call.parameter("command"),
                        payload,
                        seconds(call, "responseTimeoutInSeconds", DEFAULT_RESPONSE_SECONDS),
                        seconds(call, "connectTimeoutInSeconds", 0))
                .thenApply(result -> answer(result).with("x-ms-request-id", requestId));
    }

    private static HttpAnswer answer(Result result) {
        HttpAnswer body = result.payload().length == 0
                ? HttpAnswer.empty(200)
                : HttpAnswer.bytes(200, HttpAnswer.JSON, result.payload());
        return body.with("x-ms-command-statuscode", Integer.toString(result.status()));
    }

    private static Duration seconds(HttpCall call, String parameter, int otherwise) {
        String text = call.target().parameter(parameter).orElse("");
        if (text.isEmpty()) {
            return Duration.ofSeconds(otherwise);
        }
        if (!text.matches("\\d{1,9}")) {
            throw new HubException(
                    HubError.ARGUMENT_INVALID, parameter + " [" + text + "] must be a whole number of seconds");
        }
        return Duration.ofSeconds(Integer.parseInt(text));
    }
}
