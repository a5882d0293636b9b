package io.hubwire.dps;

/** What a bulk operation does to each enrollment. Source: dps 6. */
public enum BulkMode {
    CREATE("create"),
    /** Whatever the saved version is. */
    UPDATE("update"),
    /** Only over the version whose ETag the enrollment carries. */
    UPDATE_IF_MATCH_ETAG("updateIfMatchETag"),
    DELETE("delete");

    private final String wireName;

    BulkMode(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }
}
