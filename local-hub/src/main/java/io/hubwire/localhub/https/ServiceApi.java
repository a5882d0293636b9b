package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.AccessControl;
import io.hubwire.localhub.engine.AccessControl.Right;
import io.hubwire.localhub.engine.AccessControl.ServiceAccess;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.https.Route.Limits;
import io.hubwire.protocol.HubError;
import java.util.function.Consumer;

/** The service API: callers hold a shared access policy with the right for the operation. Source: service-rest 1. */
final class ServiceApi implements Api {
    /** The oldest version any SDK in use sends is of November 2016; a little before that nothing was different. */
    private static final String OLDEST = "2016-02-03";

    private final AccessControl access;
    private final HubErrors errors;
    private final Metering metering;

    private ServiceApi(AccessControl access, HubErrors errors, Metering metering) {
        this.access = access;
        this.errors = errors;
        this.metering = metering;
    }

    /** The registry's and most other operations' way to refuse. */
    static ServiceApi plain(AccessControl access, Metering metering) {
        return new ServiceApi(access, HubErrors.PLAIN, metering);
    }

    /** Direct methods' way to refuse. */
    static ServiceApi nested(AccessControl access, Metering metering) {
        return new ServiceApi(access, HubErrors.NESTED, metering);
    }

    /** An operation whose answer is there at once. */
    Route route(String method, String path, Right right, Operation.Immediate operation) {
        return route(method, path, Limits.USUAL, right, Operation.of(operation));
    }

    Route route(String method, String path, Limits limits, Right right, Operation operation) {
        return route(method, path, limits, call -> admit(call, right), operation);
    }

    /** @param gate lets the caller in, or refuses; only who is let in is metered */
    Route route(String method, String path, Limits limits, Consumer<HttpCall> gate, Operation operation) {
        Operation metered = metering.of(method, path, operation);
        return new Route(method, new PathTemplate(path), this, limits, call -> {
            gate.accept(call);
            return metered.answer(call);
        });
    }

    /** @throws HubException 401002, 401003 */
    void admit(HttpCall call, Right right) {
        ServiceAccess caller = access.service(Authorization.ofService(call)).require(right);
        if (!Authorization.covers(caller.audience(), call.target())) {
            throw new HubException(
                    HubError.IOT_HUB_UNAUTHORIZED_ACCESS,
                    "token for [" + caller.audience() + "] does not cover ["
                            + call.target().path() + "]");
        }
    }

    @Override
    public void requireVersion(RequestTarget target) {
        requireHubVersion(target);
    }

    static void requireHubVersion(RequestTarget target) {
        String version = target.parameter(ApiVersion.PARAMETER)
                .orElseThrow(() -> new HubException(
                        HubError.INVALID_PROTOCOL_VERSION, "api-version is missing; add ?api-version=2021-04-12"));
        if (!ApiVersion.isKnown(version, OLDEST)) {
            throw new HubException(
                    HubError.INVALID_PROTOCOL_VERSION,
                    "Unsupported API version [" + version + "]; a date from " + OLDEST + " on is needed");
        }
    }

    @Override
    public HttpAnswer refusal(Throwable failure, Incident incident) {
        return errors.refusal(failure, incident);
    }
}
