package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Blobs in a folder, one folder each: {@code blob.json}, which names the file with the content, that file, and {@code
 * blocks} while some wait. A file appears under its name only when it is whole, and what a new {@code blob.json} replaces is
 * deleted after it, so a hub that is killed leaves the blob as it was or as it shall be.
 */
final class FolderBlobStore implements BlobStore {
    private static final String CONTENT = "content";
    private static final String ABOUT = "blob.json";
    private static final String BLOCKS = "blocks";

    private final Path root;
    private final long maxBytes;
    private final Clock clock;
    private final Ids ids;
    private long used;

    /** @throws UncheckedIOException when the folder cannot be made or read */
    FolderBlobStore(Path root, long maxBytes, Clock clock, Ids ids) {
        this.root = root;
        this.maxBytes = maxBytes;
        this.clock = clock;
        this.ids = ids;
        try {
            Files.createDirectories(root);
            used = bytesIn(root);
        } catch (IOException e) {
            throw new UncheckedIOException("blobs cannot be kept in [" + root + "]", e);
        }
    }

    @Override
    public synchronized Properties put(String blob, byte[] content, String contentType, @Nullable String md5) {
        Path folder = folder(blob);
        return storing(blob, content.length, () -> {
            String file = newContent();
            write(folder.resolve(file), content);
            return about(folder, file, blob, content.length, contentType, md5, List.of());
        });
    }

    @Override
    public synchronized void putBlock(String blob, String blockId, byte[] content) {
        Path blocks = folder(blob).resolve(BLOCKS);
        storing(blob, content.length, () -> {
            Files.createDirectories(blocks);
            write(blocks.resolve(blockFile(blockId)), content);
            return blockId;
        });
    }

    @Override
    public synchronized Optional<Properties> commit(
            String blob, List<String> blockIds, String contentType, @Nullable String md5) {
        Path folder = folder(blob);
        Map<String, Source> known = sources(blob, folder);
        if (!known.keySet().containsAll(blockIds)) {
            return Optional.empty();
        }
        List<Source> parts = blockIds.stream().map(known::get).toList();
        List<Block> list = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            list.add(new Block(blockIds.get(i), parts.get(i).length));
        }
        long length = list.stream().mapToLong(Block::length).sum();
        return Optional.of(storing(blob, length, () -> {
            Files.createDirectories(folder);
            String file = newContent();
            Path part = folder.resolve(file + ".part");
            try (FileChannel out = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                for (Source source : parts) {
                    source.copyTo(out);
                }
            }
            Files.move(part, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            return about(folder, file, blob, length, contentType, md5, list);
        }));
    }

    /** Where a block's bytes are. */
    private record Source(Path file, long offset, long length) {
        void copyTo(FileChannel out) throws IOException {
            try (FileChannel in = FileChannel.open(file)) {
                long done = 0;
                while (done < length) {
                    long moved = in.transferTo(offset + done, length - done, out);
                    if (moved <= 0) {
                        throw new IOException("[" + file.getFileName() + "] ends before its block does");
                    }
                    done += moved;
                }
            }
        }
    }

    private Map<String, Source> sources(String blob, Path folder) {
        Map<String, Source> known = new HashMap<>();
        long at = 0;
        for (Block block : committed(blob)) {
            known.put(block.id(), new Source(contentOf(blob), at, block.length()));
            at += block.length();
        }
        // the newer one counts, as with Latest in the list
        uncommitted(blob)
                .forEach(block -> known.put(
                        block.id(),
                        new Source(folder.resolve(BLOCKS).resolve(blockFile(block.id())), 0, block.length())));
        return known;
    }

    @Override
    public synchronized List<Block> uncommitted(String blob) {
        Path blocks = folder(blob).resolve(BLOCKS);
        if (!Files.isDirectory(blocks)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(blocks)) {
            List<Block> found = new ArrayList<>();
            for (Path file :
                    files.filter(f -> !f.toString().endsWith(".part")).sorted().toList()) {
                byte[] id = HexFormat.of().parseHex(file.getFileName().toString());
                found.add(new Block(new String(id, StandardCharsets.UTF_8), Files.size(file)));
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException("blocks of [" + blob + "] cannot be listed", e);
        }
    }

    @Override
    public synchronized List<Block> committed(String blob) {
        List<Block> blocks = new ArrayList<>();
        about(blob).ifPresent(about -> {
            for (JsonNode block : about.path("blocks")) {
                blocks.add(new Block(
                        block.path("id").asText(), block.path("length").asLong()));
            }
        });
        return blocks;
    }

    @Override
    public synchronized Optional<Properties> properties(String blob) {
        return about(blob)
                .map(about -> new Properties(
                        about.path("length").asLong(),
                        Instant.parse(about.path("lastModified").asText()),
                        about.path("etag").asText(),
                        about.path("contentType").asText(),
                        about.path("md5").textValue()));
    }

    @Override
    public synchronized Optional<Content> read(String blob, long offset, int length) {
        return properties(blob).map(properties -> {
            long from = Math.min(offset, properties.length());
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, properties.length() - from));
            try (FileChannel in = FileChannel.open(contentOf(blob))) {
                while (bytes.hasRemaining() && in.read(bytes, from + bytes.position()) >= 0) {
                    continue;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("blob [" + blob + "] cannot be read", e);
            }
            return new Content(properties, bytes.array());
        });
    }

    @Override
    public synchronized boolean delete(String blob) {
        boolean there = properties(blob).isPresent();
        try {
            deleteAll(folder(blob));
            used = bytesIn(root);
        } catch (IOException e) {
            throw new UncheckedIOException("blob [" + blob + "] cannot be deleted", e);
        }
        return there;
    }

    private interface Writing<T> {
        T write() throws IOException;
    }

    private <T> T storing(String blob, long more, Writing<T> work) {
        if (used + more > maxBytes) {
            throw new Full("blob [" + blob + "] does not fit: the store has room for " + maxBytes + " bytes, " + used
                    + " are taken");
        }
        try {
            long before = bytesIn(folder(blob));
            T result = work.write();
            used += bytesIn(folder(blob)) - before;
            return result;
        } catch (IOException noRoom) {
            throw new Full("blob [" + blob + "] cannot be written: " + noRoom.getMessage());
        }
    }

    private String newContent() {
        return CONTENT + "-" + ids.hex16();
    }

    private Path contentOf(String blob) {
        String file = about(blob).map(about -> about.path("file").asText()).orElse("");
        return folder(blob).resolve(file.isEmpty() ? CONTENT : file);
    }

    /** From here on the blob is the new one; what was before it goes. */
    private Properties about(
            Path folder,
            String file,
            String blob,
            long length,
            String contentType,
            @Nullable String md5,
            List<Block> blocks)
            throws IOException {
        Properties properties = new Properties(length, clock.instant(), "0x" + ids.hex16(), contentType, md5);
        ObjectNode about = Json.object()
                .put("name", blob)
                .put("file", file)
                .put("length", length)
                .put("lastModified", properties.lastModified().toString())
                .put("etag", properties.etag())
                .put("contentType", contentType)
                .put("md5", md5);
        ArrayNode list = about.putArray("blocks");
        blocks.forEach(block -> list.addObject().put("id", block.id()).put("length", block.length()));
        write(folder.resolve(ABOUT), Json.writeBytes(about));
        deleteAll(folder.resolve(BLOCKS));
        try (Stream<Path> old = Files.list(folder)) {
            for (Path each : old.filter(
                            f -> isContent(f) && !f.getFileName().toString().equals(file))
                    .toList()) {
                Files.delete(each);
            }
        }
        return properties;
    }

    private static boolean isContent(Path file) {
        return file.getFileName().toString().startsWith(CONTENT);
    }

    private Optional<ObjectNode> about(String blob) {
        try {
            return Optional.of(
                    Json.parseObject(ABOUT, Files.readAllBytes(folder(blob).resolve(ABOUT))));
        } catch (NoSuchFileException notThere) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("blob [" + blob + "] cannot be read", e);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, content);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Names of blobs hold what names of files must not, and are longer. */
    private Path folder(String blob) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob.getBytes(StandardCharsets.UTF_8));
            return root.resolve(HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** At most 64 bytes of base64 become 128 digits. */
    private static String blockFile(String blockId) {
        return HexFormat.of().formatHex(blockId.getBytes(StandardCharsets.UTF_8));
    }

    private static long bytesIn(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            long sum = 0;
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(each);
            }
        }
    }
}
