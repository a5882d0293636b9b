package io.hubwire.localhub.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Block blobs, as Azure Storage keeps them: put whole, or block by block with a list at the end. Thread-safe. */
public interface BlobStore {
    /**
     * What is known of a blob.
     *
     * @param length in bytes
     * @param md5 of the content as its writer gave it, base64; null when it gave none
     */
    record Properties(
            long length,
            Instant lastModified,
            String etag,
            String contentType,
            @Nullable String md5) {}

    /** A blob read whole or in part. */
    record Content(Properties properties, byte[] bytes) {}

    /**
     * A block that is stored.
     *
     * @param id base64, as its writer gave it
     */
    record Block(String id, long length) {}

    /**
     * Puts a whole blob; replaces what was there, uncommitted blocks included.
     *
     * @throws Full when there is no room; what was there stays
     */
    Properties put(String blob, byte[] content, String contentType, @Nullable String md5);

    /**
     * Keeps a block until a list names it. A block of the same id is replaced.
     *
     * @throws Full when there is no room
     */
    void putBlock(String blob, String blockId, byte[] content);

    /**
     * Makes the blob of these blocks, in this order; all others that wait are dropped.
     *
     * @return empty when one of them is not there
     * @throws Full when there is no room
     */
    Optional<Properties> commit(String blob, List<String> blockIds, String contentType, @Nullable String md5);

    /** Blocks that no list has named yet. */
    List<Block> uncommitted(String blob);

    /** Blocks of the blob, in order; empty for one that was put whole or is not there. */
    List<Block> committed(String blob);

    Optional<Properties> properties(String blob);

    /**
     * Reads from {@code offset} at most {@code length} bytes.
     *
     * @return empty when the blob is not there
     */
    Optional<Content> read(String blob, long offset, int length);

    /** @return whether there was one */
    boolean delete(String blob);

    /** The store has no room for this. Expected, so without a stack trace. */
    final class Full extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Full(String what) {
            super(what, null, false, false);
        }
    }
}
