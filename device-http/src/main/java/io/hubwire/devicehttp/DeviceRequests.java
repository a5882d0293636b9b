package io.hubwire.devicehttp;

import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Limits;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.http.EventBatch;
import io.hubwire.protocol.http.FileUpload;
import io.hubwire.protocol.http.HttpMessageForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A device's calls as requests, without token and api-version. Pure. Source: device-http 2, 3, 6, 7. */
final class DeviceRequests {
    /** How long a received message is ours, unless the hub is set otherwise. Source: device-http 3. */
    static final Duration LOCK = Duration.ofSeconds(60);

    private final Identity identity;

    DeviceRequests(Identity identity) {
        this.identity = identity;
    }

    /** Sent once: a second sending would be a second event. */
    HttpsRequest.Builder event(Message message) {
        Limits.telemetryViolation(message).ifPresent(rule -> {
            throw new InvalidInputException("event of [" + identity + "] not sent: " + rule);
        });
        HttpsRequest.Builder request = post("messages", "events").body(message.body(), "application/octet-stream");
        HttpMessageForm.EVENT.headers(message).forEach(request::header);
        return request;
    }

    /** Taken or refused as one; sent once. */
    HttpsRequest.Builder batch(List<Message> messages) {
        if (messages.isEmpty()) {
            throw new InvalidInputException("batch of [" + identity + "] not sent: it has no message");
        }
        int size = 0;
        for (int i = 0; i < messages.size(); i++) {
            String element = "batch of [" + identity + "] not sent: element " + i + ": ";
            Limits.telemetryViolation(messages.get(i)).ifPresent(rule -> {
                throw new InvalidInputException(element + rule);
            });
            size += messages.get(i).meteredSize();
        }
        if (size > Limits.TELEMETRY_BYTES) {
            throw new InvalidInputException("batch of [" + identity + "] not sent: its " + messages.size()
                    + " messages count " + size + " bytes together; at most " + Limits.TELEMETRY_BYTES
                    + " are allowed");
        }
        return post("messages", "events").body(EventBatch.format(messages), EventBatch.MEDIA_TYPE);
    }

    /** Asking twice does no harm: a message whose answer was lost comes again when its lock has run out. */
    HttpsRequest.Builder receive() {
        return HttpsRequest.get(path("messages", "deviceBound"))
                .header("IotHub-MessageLockTimeout", Long.toString(LOCK.toSeconds()));
    }

    HttpsRequest.Builder complete(String lockToken) {
        return HttpsRequest.delete(path("messages", "deviceBound", lockToken));
    }

    HttpsRequest.Builder reject(String lockToken) {
        return complete(lockToken).query("reject", "");
    }

    HttpsRequest.Builder abandon(String lockToken) {
        return post("messages", "deviceBound", lockToken, "abandon");
    }

    /**
     * Sent once: each opens an upload, of which a device may have ten.
     *
     * @throws InvalidInputException for a module, which cannot upload, and an empty name
     */
    HttpsRequest.Builder initiateUpload(String blobName) {
        if (identity.isModule()) {
            throw new InvalidInputException("[" + identity + "] is a module; only devices upload files");
        }
        if (blobName.isEmpty()) {
            throw new InvalidInputException("the blob name of a file of [" + identity + "] is empty");
        }
        return post("files").json(new FileUpload.Request(blobName).format());
    }

    /** May be said twice: it tells what is. */
    HttpsRequest.Builder notifyUpload(FileUpload.Outcome outcome) {
        return post("files", "notifications").json(outcome.format()).repeatable();
    }

    private HttpsRequest.Builder post(String... rest) {
        return HttpsRequest.post(path(rest));
    }

    private String[] path(String... rest) {
        List<String> path = new ArrayList<>(List.of("devices", identity.deviceId()));
        identity.moduleId().ifPresent(module -> path.addAll(List.of("modules", module)));
        path.addAll(List.of(rest));
        return path.toArray(String[]::new);
    }
}
