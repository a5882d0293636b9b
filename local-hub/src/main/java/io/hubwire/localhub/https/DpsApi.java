package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.https.Route.Limits;
import io.hubwire.protocol.HubError;
import java.util.Locale;

/** Both APIs of DPS. They differ in who is let in, which their operations see to. Sources: dps 1 to 3 and 6. */
final class DpsApi implements Api {
    private static final String OLDEST = "2017-08-31";

    Route route(String method, String path, Operation.Immediate operation) {
        return new Route(method, new PathTemplate(path), this, Limits.USUAL, Operation.of(call -> {
            requireJson(call);
            return operation.answer(call);
        }));
    }

    private static void requireJson(HttpCall call) {
        String type = call.header("Content-Type").orElse("application/json").toLowerCase(Locale.ROOT);
        if (call.bodyLength() > 0 && !type.startsWith("application/json")) {
            throw new HubException(
                    HubError.GENERIC_UNSUPPORTED_MEDIA_TYPE, "Unsupported media type [" + type + "]; JSON is needed");
        }
    }

    @Override
    public void requireVersion(RequestTarget target) {
        String version = target.parameter(ApiVersion.PARAMETER).orElse("");
        if (!ApiVersion.isKnown(version, OLDEST)) {
            throw new DpsRefusal(
                    400,
                    DpsErrors.BAD_REQUEST,
                    "Bad request. api-version [" + version + "] must be a date from " + OLDEST + " on",
                    null);
        }
    }

    @Override
    public HttpAnswer refusal(Throwable failure, Incident incident) {
        return DpsErrors.refusal(failure, incident);
    }
}
