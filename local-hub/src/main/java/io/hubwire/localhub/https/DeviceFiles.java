package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.AccessControl.DeviceAccess;
import io.hubwire.localhub.engine.FileUploads;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.http.FileUpload;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** A device opens an upload and says how it went; the file itself goes to {@link Blobs}. Source: device-http 6. */
final class DeviceFiles implements Resource {
    private static final String FILES = "/devices/{deviceId}/files";
    private static final String NOTIFICATIONS = FILES + "/notifications";

    private final FileUploads files;
    private final DeviceApi api;

    DeviceFiles(FileUploads files, DeviceApi api) {
        this.files = files;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                route(FILES, this::initiate),
                route(NOTIFICATIONS, (call, device) -> notified(outcome(call), device)),
                // as older SDKs write it
                route(
                        NOTIFICATIONS + "/{correlationId}",
                        (call, device) -> notified(named(outcome(call), call.parameter("correlationId")), device)));
    }

    private Route route(String path, BiFunction<HttpCall, DeviceId, HttpAnswer> operation) {
        return api.route(
                "POST",
                path,
                (call, device) -> CompletableFuture.completedFuture(operation.apply(call, deviceOf(device))));
    }

    private static DeviceId deviceOf(DeviceAccess access) {
        return access.identity().device();
    }

    private HttpAnswer initiate(HttpCall call, DeviceId device) {
        String blobName = FileUpload.Request.parse(call.body()).blobName();
        return HttpAnswer.json(
                200, files.initiate(device, blobName, call.peer().authority()).json());
    }

    private HttpAnswer notified(FileUpload.Outcome outcome, DeviceId device) {
        files.finish(device, outcome);
        return HttpAnswer.empty(204);
    }

    private static FileUpload.Outcome named(FileUpload.Outcome outcome, String inPath) {
        return outcome.correlationId().isEmpty()
                ? new FileUpload.Outcome(inPath, outcome.isSuccess(), outcome.statusCode(), outcome.statusDescription())
                : outcome;
    }

    private static FileUpload.Outcome outcome(HttpCall call) {
        try {
            return FileUpload.Outcome.parse(call.body());
        } catch (RemoteProtocolException broken) {
            throw new HubException(HubError.INVALID_FILE_UPLOAD_COMPLETION_STATUS, String.valueOf(broken.getMessage()));
        }
    }
}
