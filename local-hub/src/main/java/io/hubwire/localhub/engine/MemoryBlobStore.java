package io.hubwire.localhub.engine;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Blobs in memory, up to a bound. */
final class MemoryBlobStore implements BlobStore {
    private final long maxBytes;
    private final Clock clock;
    private final Ids ids;
    private final Map<String, Blob> blobs = new HashMap<>();
    private long used;

    MemoryBlobStore(long maxBytes, Clock clock, Ids ids) {
        this.maxBytes = maxBytes;
        this.clock = clock;
        this.ids = ids;
    }

    /** A block and its bytes, shared between the waiting and the committed list. */
    private record Part(String id, byte[] bytes) {
        Block block() {
            return new Block(id, bytes.length);
        }
    }

    private static final class Blob {
        private @Nullable Properties properties;
        private List<Part> parts = List.of();
        private boolean inBlocks;
        private final Map<String, Part> waiting = new LinkedHashMap<>();

        long bytes() {
            return length(parts) + length(waiting.values());
        }
    }

    private static long length(Iterable<Part> parts) {
        long sum = 0;
        for (Part part : parts) {
            sum += part.bytes.length;
        }
        return sum;
    }

    @Override
    public synchronized Properties put(String name, byte[] content, String contentType, @Nullable String md5) {
        Blob old = blobs.get(name);
        makeRoom(name, content.length - (old == null ? 0 : old.bytes()));
        Blob blob = new Blob();
        blob.parts = List.of(new Part("", content.clone()));
        blobs.put(name, blob);
        return finished(blob, contentType, md5);
    }

    @Override
    public synchronized void putBlock(String name, String blockId, byte[] content) {
        Blob blob = blobs.get(name);
        Part old = blob == null ? null : blob.waiting.get(blockId);
        makeRoom(name, content.length - (old == null ? 0L : old.bytes.length));
        blobs.computeIfAbsent(name, n -> new Blob()).waiting.put(blockId, new Part(blockId, content.clone()));
    }

    @Override
    public synchronized Optional<Properties> commit(
            String name, List<String> blockIds, String contentType, @Nullable String md5) {
        Blob blob = blobs.getOrDefault(name, new Blob());
        Map<String, Part> known = new HashMap<>();
        if (blob.inBlocks) {
            blob.parts.forEach(part -> known.put(part.id, part));
        }
        known.putAll(blob.waiting); // the newer one counts, as with Latest in the list
        if (!known.keySet().containsAll(blockIds)) {
            return Optional.empty();
        }
        List<Part> parts = new ArrayList<>();
        blockIds.forEach(id -> parts.add(known.get(id)));
        // a block named twice counts twice, though its bytes are there once
        makeRoom(name, length(parts) - blob.bytes());
        blob.parts = List.copyOf(parts);
        blob.inBlocks = true;
        blob.waiting.clear();
        blobs.put(name, blob);
        return Optional.of(finished(blob, contentType, md5));
    }

    private Properties finished(Blob blob, String contentType, @Nullable String md5) {
        Instant now = clock.instant();
        Properties properties = new Properties(length(blob.parts), now, "0x" + ids.hex16(), contentType, md5);
        blob.properties = properties;
        return properties;
    }

    private void makeRoom(String name, long more) {
        if (used + more > maxBytes) {
            throw new Full("blob [" + name + "] does not fit: the store has room for " + maxBytes + " bytes, " + used
                    + " are taken");
        }
        used += more;
    }

    @Override
    public synchronized List<Block> uncommitted(String name) {
        Blob blob = blobs.get(name);
        return blob == null
                ? List.of()
                : blob.waiting.values().stream().map(Part::block).toList();
    }

    @Override
    public synchronized List<Block> committed(String name) {
        Blob blob = blobs.get(name);
        return blob == null || !blob.inBlocks
                ? List.of()
                : blob.parts.stream().map(Part::block).toList();
    }

    @Override
    public synchronized Optional<Properties> properties(String name) {
        Blob blob = blobs.get(name);
        return blob == null ? Optional.empty() : Optional.ofNullable(blob.properties);
    }

    @Override
    public synchronized Optional<Content> read(String name, long offset, int length) {
        Blob blob = blobs.get(name);
        if (blob == null || blob.properties == null) {
            return Optional.empty();
        }
        long from = Math.min(offset, blob.properties.length());
        byte[] bytes = new byte[(int) Math.min(length, blob.properties.length() - from)];
        long at = 0;
        int filled = 0;
        for (Part part : blob.parts) {
            long skip = Math.max(0, from - at);
            if (skip < part.bytes.length && filled < bytes.length) {
                int count = (int) Math.min(part.bytes.length - skip, bytes.length - filled);
                System.arraycopy(part.bytes, (int) skip, bytes, filled, count);
                filled += count;
            }
            at += part.bytes.length;
        }
        return Optional.of(new Content(blob.properties, bytes));
    }

    @Override
    public synchronized boolean delete(String name) {
        Blob blob = blobs.remove(name);
        if (blob == null) {
            return false;
        }
        used -= blob.bytes();
        return blob.properties != null;
    }
}
