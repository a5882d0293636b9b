package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.HubFileUploads.Upload;
import io.hubwire.localhub.store.Documents;
import io.hubwire.localhub.store.Documents.Document;
import io.hubwire.localhub.store.Store;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Uploads under way in the store, {@code {device}//{correlation id}}, and the key that signs for blobs. */
final class UploadArchive {
    private static final String KIND = "upload";
    private static final String BETWEEN = "//";
    private static final String KEY_KIND = "hubKey";
    private static final String KEY_ID = "blobs";
    private static final int PAGE = 500;

    private final Store store;

    UploadArchive(Store store) {
        this.store = store;
    }

    /** The key that signed before; a new one in a new store. */
    SymmetricKey key(Ids ids) {
        return store.get(KEY_KIND, KEY_ID)
                .map(document -> SymmetricKey.ofBase64(
                        Json.parseObject(KEY_KIND, document.body()).path("key").asText()))
                .orElseGet(() -> {
                    SymmetricKey key = ids.hubKey();
                    store.insert(KEY_KIND, KEY_ID, Json.write(Json.object().put("key", key.base64())));
                    return key;
                });
    }

    void begun(DeviceId device, String correlationId, Upload upload) {
        store.insert(KIND, id(device, correlationId), body(upload));
    }

    <T> T inTransaction(Function<? super Documents, ? extends T> work) {
        return store.inTransaction(work);
    }

    /** @param finished with {@code finished} true */
    void finished(Documents documents, DeviceId device, String correlationId, Upload finished) {
        documents.update(KIND, id(device, correlationId), 1, body(finished));
    }

    /** Those are remembered no more. */
    void forgotten(DeviceId device, List<Forgotten> uploads) {
        if (!uploads.isEmpty()) {
            store.inTransaction(documents -> {
                for (Forgotten each : uploads) {
                    documents.delete(
                            KIND,
                            id(device, each.correlationId()),
                            each.upload().finished() ? 2 : 1);
                }
                return uploads;
            });
        }
    }

    record Forgotten(String correlationId, Upload upload) {}

    /** An upload as it was stored. */
    record Known(DeviceId device, String correlationId, Upload upload) {}

    List<Known> load() {
        List<Known> all = new ArrayList<>();
        String after = null;
        for (List<Document> page = store.scan(KIND, "", after, PAGE);
                !page.isEmpty();
                page = store.scan(KIND, "", after, PAGE)) {
            for (Document document : page) {
                after = document.id();
                int between = after.indexOf(BETWEEN);
                ObjectNode body = Json.parseObject(KIND, document.body());
                Upload upload = new Upload(
                        body.path("generationId").asText(),
                        body.path("blob").asText(),
                        body.path("uri").asText(),
                        Instant.parse(body.path("expires").asText()),
                        body.path("finished").asBoolean());
                all.add(new Known(
                        new DeviceId(after.substring(0, between)),
                        after.substring(between + BETWEEN.length()),
                        upload));
            }
        }
        return all;
    }

    private static String id(DeviceId device, String correlationId) {
        return device.value() + BETWEEN + correlationId;
    }

    private static String body(Upload upload) {
        return Json.write(Json.object()
                .put("generationId", upload.generation())
                .put("blob", upload.blob())
                .put("uri", upload.uri())
                .put("expires", upload.expires().toString())
                .put("finished", upload.finished()));
    }
}
