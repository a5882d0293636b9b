package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.Provisioning;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;

/** The service API of DPS: callers hold the policy {@code provisioningserviceowner}. Source: dps 6. */
final class DpsService {
    private final Provisioning provisioning;
    private final DpsApi api;

    DpsService(Provisioning provisioning, DpsApi api) {
        this.provisioning = provisioning;
        this.api = api;
    }

    Route route(String method, String path, Operation.Immediate operation) {
        return api.route(method, path, call -> {
            provisioning.authenticateService(call.header(Authorization.HEADER)
                    .orElseThrow(() -> new DpsRefusal(
                            401, DpsErrors.UNAUTHORIZED, "Unauthorized. Authorization header missing", null)));
            return operation.answer(call);
        });
    }
}
