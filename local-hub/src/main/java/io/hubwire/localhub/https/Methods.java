package io.hubwire.localhub.https;

import static io.hubwire.localhub.engine.AccessControl.Right.SERVICE_CONNECT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.DirectMethods.Call;
import io.hubwire.localhub.engine.DirectMethods.Result;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.https.Route.Limits;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Direct methods. No thread waits for the device. Sources: service-rest 6, device-http 7. */
final class Methods implements Resource {
    private static final String DEVICE = "/twins/{deviceId}/methods";
    private static final String MODULE = "/twins/{deviceId}/modules/{moduleId}/methods";

    /** Set by a module that calls a method with its own token: {@code device/module}. */
    private static final String CALLING_MODULE = "x-ms-edge-moduleId";

    private static final int DEFAULT_RESPONSE_SECONDS = 30;
    /** Printable ASCII that may stand in a topic's level: mqtt-device 4. */
    private static final Pattern NAME = Pattern.compile("[!-~&&[^$()<>@,;:\\\\\"/\\[\\]?={}#+]]{1,100}");

    private final Hub hub;
    private final ServiceApi api;

    /** @param api one that refuses as methods do */
    Methods(Hub hub, ServiceApi api) {
        this.hub = hub;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                api.route("POST", DEVICE, Limits.METHOD, this::admit, this::invoke),
                api.route("POST", MODULE, Limits.METHOD, this::admit, this::invoke));
    }

    private CompletionStage<HttpAnswer> invoke(HttpCall call) {
        return hub.methods().invoke(call.identity(), read(call)).thenApply(Methods::answer);
    }

    private void admit(HttpCall call) {
        String module = call.header(CALLING_MODULE).orElse("");
        int slash = module.indexOf('/');
        if (slash < 0) {
            api.admit(call, SERVICE_CONNECT);
        } else {
            hub.access()
                    .device(
                            Identity.module(module.substring(0, slash), module.substring(slash + 1)),
                            Authorization.ofDevice(call));
        }
    }

    private static Call read(HttpCall call) {
        ObjectNode body = call.jsonObject();
        String name =
                body.path("methodName").isTextual() ? body.path("methodName").textValue() : "";
        if (!NAME.matcher(name).matches()) {
            throw new HubException(
                    HubError.ARGUMENT_INVALID,
                    "methodName [" + printable(name)
                            + "] must be 1 to 100 printable ASCII characters without blank or any of"
                            + " $ ( ) < > @ , ; : \\ \" / [ ] ? = { } # +");
        }
        // the oldest SDKs know one time-out only
        String response = body.has("responseTimeoutInSeconds") ? "responseTimeoutInSeconds" : "timeoutInSeconds";
        return new Call(
                name,
                body.has("payload") ? Json.writeBytes(body.get("payload")) : new byte[0],
                seconds(body, response, DEFAULT_RESPONSE_SECONDS),
                seconds(body, "connectTimeoutInSeconds", 0));
    }

    private static Duration seconds(ObjectNode body, String member, int otherwise) {
        JsonNode value = body.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return Duration.ofSeconds(otherwise);
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new HubException(
                    HubError.ARGUMENT_INVALID, member + " [" + value + "] must be a whole number of seconds");
        }
        return Duration.ofSeconds(value.intValue());
    }

    private static String printable(String name) {
        return name.replaceAll("[^ -~]", "?");
    }

    /** The device's JSON goes out as it came in, byte for byte. */
    private static HttpAnswer answer(Result result) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("{\"status\":" + result.status() + ",\"payload\":").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(result.payload().length == 0 ? "null".getBytes(StandardCharsets.US_ASCII) : result.payload());
        out.write('}');
        return HttpAnswer.bytes(200, HttpAnswer.JSON, out.toByteArray());
    }
}
