package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.C2dQueue.Ended;
import io.hubwire.localhub.engine.C2dQueue.Entry;
import io.hubwire.localhub.store.Documents.Document;
import io.hubwire.localhub.store.Store;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * C2D messages in the store, each a document until its end: {@code {identity}//{sequence number}}, where no id has two
 * slashes. A message's end and its feedback are one transaction. Locks and who holds them are not kept: they end with the
 * hub, and a message that was locked is handed out again.
 */
final class C2dArchive {
    private static final String KIND = "c2d";
    private static final String BETWEEN = "//";
    private static final int PAGE = 500;

    private final Store store;

    C2dArchive(Store store) {
        this.store = store;
    }

    void added(Identity identity, Entry entry) {
        store.insert(KIND, id(identity, entry), body(entry));
    }

    /** The message was given back, and that counts. */
    void counted(Identity identity, Entry entry) {
        store.update(KIND, id(identity, entry), entry.storedVersion(), body(entry));
        entry.storedAgain();
    }

    /** @return the feedback, to be made known when no lock is held */
    List<HubFeedback.Entry> ended(Identity identity, List<Ended> ended, HubFeedback feedback, Instant now) {
        return store.inTransaction(documents -> {
            List<HubFeedback.Entry> records = new ArrayList<>();
            for (Ended each : ended) {
                documents.delete(KIND, id(identity, each.entry()), each.entry().storedVersion());
                FeedbackWriter.record(identity, each, now)
                        .ifPresent(record -> records.add(feedback.store(documents, record)));
            }
            return records;
        });
    }

    /** The identity is no more, and so are its messages. */
    void dropped(Identity identity, List<Entry> entries) {
        if (!entries.isEmpty()) {
            store.inTransaction(documents -> {
                entries.forEach(entry -> documents.delete(KIND, id(identity, entry), entry.storedVersion()));
                return entries;
            });
        }
    }

    /**
     * All messages, in order. Those of an identity that is not there any more, or is another one by now, are removed: the
     * hub ended between its end and theirs.
     *
     * @return how many there are
     */
    int load(Identities identities, BiConsumer<Identity, Entry> into) {
        int count = 0;
        String after = null;
        for (List<Document> page = store.scan(KIND, "", after, PAGE);
                !page.isEmpty();
                page = store.scan(KIND, "", after, PAGE)) {
            for (Document document : page) {
                after = document.id();
                Identity identity = identity(document.id());
                Entry entry = entry(document);
                Optional<StoredIdentity> owner = identities.find(identity);
                if (owner.isPresent() && owner.get().generationId().equals(entry.generationId())) {
                    into.accept(identity, entry);
                    count++;
                } else {
                    store.delete(KIND, document.id(), document.version());
                }
            }
        }
        return count;
    }

    private static String id(Identity identity, Entry entry) {
        return identity.clientId() + BETWEEN + Numbered.id(entry.sequenceNumber());
    }

    private static Identity identity(String id) {
        String clientId = id.substring(0, id.indexOf(BETWEEN));
        int slash = clientId.indexOf('/');
        return slash < 0
                ? Identity.device(clientId)
                : Identity.module(clientId.substring(0, slash), clientId.substring(slash + 1));
    }

    private static String body(Entry entry) {
        ObjectNode body = Json.object()
                .put("generationId", entry.generationId())
                .put("enqueued", entry.enqueued().toString())
                .put("expires", entry.expires().toString())
                .put("deliveryCount", entry.deliveryCount());
        body.set("message", StoredMessage.format(entry.message()));
        return Json.write(body);
    }

    private static Entry entry(Document document) {
        ObjectNode body = Json.parseObject(KIND, document.body());
        long sequence = Numbered.number(document.id().substring(document.id().indexOf(BETWEEN) + BETWEEN.length()));
        return new Entry(
                        sequence,
                        StoredMessage.parse(body.path("message")),
                        body.path("generationId").asText(),
                        Instant.parse(body.path("enqueued").asText()),
                        Instant.parse(body.path("expires").asText()))
                .restored(body.path("deliveryCount").asInt(), document.version());
    }
}
