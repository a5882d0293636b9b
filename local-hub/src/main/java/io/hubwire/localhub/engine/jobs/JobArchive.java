package io.hubwire.localhub.engine.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.store.Documents;
import io.hubwire.localhub.store.Documents.Document;
import io.hubwire.localhub.store.Store;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Jobs in the store: a document for each, and one for each device of it, {@code {job}//{device or device/module}}. */
final class JobArchive {
    private static final String JOB = "job";
    private static final String DEVICE = "jobDevice";
    private static final String BETWEEN = "//";
    private static final int PAGE = 500;

    private final Store store;

    JobArchive(Store store) {
        this.store = store;
    }

    /** A job as it is now. */
    void save(String jobId, ObjectNode job) {
        store.inTransaction(documents -> put(documents, JOB, jobId, job));
    }

    /** Some of its devices as they are now. */
    void saveDevices(String jobId, List<DeviceJob> devices) {
        if (!devices.isEmpty()) {
            store.inTransaction(documents -> {
                devices.forEach(device -> put(
                        documents, DEVICE, jobId + BETWEEN + device.identity().clientId(), device.toDocument()));
                return true;
            });
        }
    }

    void forget(String jobId) {
        store.inTransaction(documents -> {
            documents.get(JOB, jobId).ifPresent(job -> documents.delete(JOB, jobId, job.version()));
            for (Document device : all(documents, DEVICE, jobId + BETWEEN)) {
                documents.delete(DEVICE, device.id(), device.version());
            }
            return true;
        });
    }

    /** All jobs as they were when the hub ended. */
    List<Job> load() {
        return all(store, JOB, "").stream()
                .map(document -> Job.restore(
                        document.id(),
                        Json.parseObject(JOB, document.body()),
                        all(store, DEVICE, document.id() + BETWEEN).stream()
                                .map(device -> DeviceJob.fromDocument(Json.parseObject(DEVICE, device.body())))
                                .toList(),
                        this))
                .toList();
    }

    private static boolean put(Documents documents, String kind, String id, ObjectNode body) {
        documents
                .get(kind, id)
                .ifPresentOrElse(
                        old -> documents.update(kind, id, old.version(), Json.write(body)),
                        () -> documents.insert(kind, id, Json.write(body)));
        return true;
    }

    private static List<Document> all(Documents documents, String kind, String prefix) {
        List<Document> all = new ArrayList<>();
        @Nullable String after = null;
        for (List<Document> page = documents.scan(kind, prefix, after, PAGE);
                !page.isEmpty();
                page = documents.scan(kind, prefix, after, PAGE)) {
            all.addAll(page);
            after = page.get(page.size() - 1).id();
        }
        return all;
    }
}
