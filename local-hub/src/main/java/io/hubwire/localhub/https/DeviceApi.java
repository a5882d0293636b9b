package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.AccessControl.DeviceAccess;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.https.Route.Limits;
import java.util.concurrent.CompletionStage;

/** The device API: devices and modules speak for themselves, by token or certificate. Source: device-http 1. */
final class DeviceApi implements Api {
    private final Hub hub;
    private final Metering metering;

    DeviceApi(Hub hub, Metering metering) {
        this.hub = hub;
        this.metering = metering;
    }

    /** An operation of a device that was let in. */
    @FunctionalInterface
    interface DeviceOperation {
        CompletionStage<HttpAnswer> answer(HttpCall call, DeviceAccess device);
    }

    /** @param path names {@code {deviceId}}, and {@code {moduleId}} if it is a module's */
    Route route(String method, String path, DeviceOperation operation) {
        return new Route(method, new PathTemplate(path), this, Limits.USUAL, call -> {
            DeviceAccess device = hub.access().device(call.identity(), Authorization.ofDevice(call));
            hub.sessions().active(device.identity());
            return metering.of(method, path, admitted -> operation.answer(admitted, device))
                    .answer(call);
        });
    }

    @Override
    public void requireVersion(RequestTarget target) {
        ServiceApi.requireHubVersion(target);
    }

    @Override
    public HttpAnswer refusal(Throwable failure, Incident incident) {
        return HubErrors.PLAIN.refusal(failure, incident);
    }
}
