package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.PercentEncoding;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.http.FileUpload;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Uploads under way, each known by its correlation id until twice its time is over. Under its lock only the stores of blobs
 * and of documents are asked.
 */
final class HubFileUploads implements FileUploads {
    /** A blob's name may have 1,024 characters, the device's id and a slash included. */
    private static final int MAX_NAME = 1024 - 128 - 1;

    private static final Duration REMEMBERED = Duration.ofHours(1);
    private static final int MAX_REMEMBERED = 1_000;
    private static final int MANY_DEVICES = 10_000;

    private final EngineOptions.Files options;
    private final Identities identities;
    private final BlobStore blobs;
    private final HubFeedback notices;
    private final UploadArchive archive;
    private final Clock clock;
    private final Ids ids;
    private final BlobGate gate;
    private final Map<DeviceId, Map<String, Upload>> uploads = new HashMap<>();

    HubFileUploads(
            EngineOptions.Files options,
            Identities identities,
            BlobStore blobs,
            HubFeedback notices,
            UploadArchive archive,
            Clock clock,
            Ids ids) {
        this.options = options;
        this.identities = identities;
        this.blobs = blobs;
        this.notices = notices;
        this.archive = archive;
        this.clock = clock;
        this.ids = ids;
        this.gate = new BlobGate(BlobGate.Scope.B, archive.key(ids), clock);
    }

    /** One upload. */
    record Upload(String generation, String blob, String uri, Instant expires, boolean finished) {
        Upload end() {
            return new Upload(generation, blob, uri, expires, true);
        }
    }

    /** Takes in what the store has. */
    synchronized void restore() {
        for (UploadArchive.Known known : archive.load()) {
            uploads.computeIfAbsent(known.device(), d -> new HashMap<>()).put(known.correlationId(), known.upload());
        }
    }

    @Override
    public FileUpload.Ticket initiate(DeviceId device, String blobName, String authority) {
        String generation = identities.require(new Identity(device, null)).generationId();
        refuseBad(blobName);
        Instant now = clock.instant();
        Instant expires = now.plus(options.timeToLive());
        String name = device.value() + "/" + blobName;
        String blob = CONTAINER + "/" + name;
        String id = ids.uuid();
        String correlationId = Base64.getEncoder()
                .encodeToString((WireTime.format(now) + "_" + id).getBytes(StandardCharsets.US_ASCII));
        String uri = "https://" + authority + "/" + CONTAINER + "/" + PercentEncoding.encode(name, "/");
        synchronized (this) {
            if (uploads.size() > MANY_DEVICES) {
                uploads.entrySet().removeIf(each -> forgetOld(each.getKey(), each.getValue(), now));
            }
            Map<String, Upload> own = uploads.computeIfAbsent(device, d -> new HashMap<>());
            forgetOld(device, own, now);
            long open = own.values().stream()
                    .filter(u -> !u.finished && u.expires.isAfter(now))
                    .count();
            if (own.size() >= MAX_REMEMBERED) {
                forget(device, own, u -> u.finished);
            }
            if (open >= options.maxOpen()) {
                throw new HubException(
                        HubError.DEVICE_MAXIMUM_ACTIVE_FILE_UPLOAD_LIMIT_EXCEEDED,
                        "Number of active file upload requests cannot exceed " + options.maxOpen());
            }
            Upload upload = new Upload(generation, blob, uri, expires, false);
            archive.begun(device, correlationId, upload);
            own.put(correlationId, upload);
        }
        BlobToken token = gate.grant(blob, expires, "rw");
        return new FileUpload.Ticket(correlationId, authority, CONTAINER, name, token.query());
    }

    private static void refuseBad(String blobName) {
        boolean dots = ("/" + blobName + "/").contains("/../") || ("/" + blobName + "/").contains("/./");
        boolean control = blobName.chars().anyMatch(Character::isISOControl);
        if (blobName.isEmpty()
                || blobName.length() > MAX_NAME
                || dots
                || control
                || blobName.startsWith("/")
                || blobName.endsWith("/")
                || blobName.contains("//")) {
            throw new HubException(
                    HubError.ARGUMENT_INVALID,
                    "blobName must have 1 to " + MAX_NAME
                            + " characters, none a control character, and no empty or dot segments");
        }
    }

    /**
     * An upload is remembered for a while after its time, so that a late notification learns that it is late.
     *
     * @return whether none is left
     */
    private boolean forgetOld(DeviceId device, Map<String, Upload> own, Instant now) {
        forget(device, own, upload -> upload.expires.plus(REMEMBERED).isBefore(now));
        return own.isEmpty();
    }

    private void forget(DeviceId device, Map<String, Upload> own, Predicate<Upload> which) {
        List<UploadArchive.Forgotten> gone = own.entrySet().stream()
                .filter(each -> which.test(each.getValue()))
                .map(each -> new UploadArchive.Forgotten(each.getKey(), each.getValue()))
                .toList();
        archive.forgotten(device, gone);
        gone.forEach(each -> own.remove(each.correlationId()));
    }

    @Override
    public void finish(DeviceId device, FileUpload.Outcome outcome) {
        String id = outcome.correlationId();
        refuseUndecodable(id);
        // one of the same name who came later has no part in it
        String generation = identities.require(new Identity(device, null)).generationId();
        Instant now = clock.instant();
        List<HubFeedback.Entry> made;
        synchronized (this) {
            Upload upload = uploads.getOrDefault(device, Map.of()).get(id);
            if (upload == null || !upload.generation.equals(generation)) {
                throw new HubException(
                        HubError.INVALID_FILE_UPLOAD_CORRELATION_ID,
                        "correlation id [" + id + "] names no file upload of this device");
            }
            if (upload.finished) {
                return; // said before; the answer was lost
            }
            if (!upload.expires.isAfter(now)) {
                throw new HubException(
                        HubError.EXPIRED_FILE_UPLOAD_CORRELATION_ID,
                        "the time of file upload [" + id + "] was over at " + upload.expires);
            }
            Upload end = upload.end();
            Optional<ObjectNode> notice = outcome.isSuccess()
                    ? blobs.properties(upload.blob).map(found -> notice(device, upload, found, now))
                    : Optional.empty();
            made = archive.inTransaction(documents -> {
                archive.finished(documents, device, id, end);
                return notice.map(record -> notices.store(documents, record)).stream()
                        .toList();
            });
            uploads.getOrDefault(device, new HashMap<>()).put(id, end);
        }
        if (!made.isEmpty()) {
            notices.publish(made);
        }
    }

    private static void refuseUndecodable(String id) {
        if (id.isEmpty()) {
            throw new HubException(HubError.INVALID_FILE_UPLOAD_CORRELATION_ID, "the correlation id is missing");
        }
        try {
            Base64.getDecoder().decode(id);
        } catch (IllegalArgumentException notBase64) {
            throw undecodable();
        }
        if (id.length() < 16) {
            throw undecodable();
        }
    }

    private static HubException undecodable() {
        return new HubException(HubError.IOT_HUB_FORMAT_ERROR, "Cannot decode correlation_id");
    }

    private static ObjectNode notice(DeviceId device, Upload upload, BlobStore.Properties blob, Instant now) {
        return Json.object()
                .put("deviceId", device.value())
                .put("blobUri", upload.uri)
                .put("blobName", upload.blob.substring(CONTAINER.length() + 1))
                .put("lastUpdatedTime", WireTime.format(blob.lastModified()))
                .put("blobSizeInBytes", blob.length())
                .put("enqueuedTimeUtc", WireTime.format(now));
    }

    @Override
    public BlobStore blobs() {
        return blobs;
    }

    @Override
    public FeedbackQueue notices() {
        return notices;
    }

    @Override
    public BlobAccess access(String blob, BlobToken token, char permission) {
        return gate.judge(blob, token, permission);
    }
}
