package io.hubwire.localhub.store;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Documents by kind and id. Ids compare as case-sensitive code points. Every call may throw {@link StoreException} when
 * the database fails.
 */
public interface Documents {
    /**
     * A document as it was read.
     *
     * @param version 1 when new, one more with each update
     * @param body JSON text
     */
    record Document(String id, long version, String body) {}

    Optional<Document> get(String kind, String id);

    /**
     * Adds a document.
     *
     * @throws StoreConflict when the id is taken
     */
    void insert(String kind, String id, String body);

    /**
     * Changes a document.
     *
     * @throws StoreConflict when the document is gone or is no longer at {@code expectedVersion}
     */
    void update(String kind, String id, long expectedVersion, String body);

    /**
     * Removes a document.
     *
     * @throws StoreConflict when the document is gone or is no longer at {@code expectedVersion}
     */
    void delete(String kind, String id, long expectedVersion);

    /**
     * A page of documents whose id starts with {@code prefix}, in order of id.
     *
     * @param prefix empty for all of the kind
     * @param after the last id of the page before; null for the first page
     * @param limit at least 1
     */
    List<Document> scan(String kind, String prefix, @Nullable String after, int limit);

    /** How many documents of a kind have an id that starts with {@code prefix}. */
    long count(String kind, String prefix);
}
