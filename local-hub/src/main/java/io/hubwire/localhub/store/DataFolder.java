package io.hubwire.localhub.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A hub's data folder, held by one process at a time:
 *
 * <pre>
 * lock               held while in use, with the holder's process id
 * data.json          {"format":1,"partitions":4,"complete":true}
 * store.mv.db        H2: registry, twins, C2D, feedback, enrollments, jobs, sessions, uploads
 * journal/           what H2 has not written yet
 * events/{partition}/    the event log
 * blobs/             uploaded files
 * </pre>
 *
 * Logs are described in {@link io.hubwire.localhub.store.log}.
 */
public final class DataFolder implements AutoCloseable {
    private static final int FORMAT = 1;
    private static final String ABOUT = "data.json";
    private static final String LOCK = "lock";
    private static final Set<String> LEFT_BY_A_BROKEN_START = Set.of(LOCK, ABOUT + ".part");

    /** Of this process: closing a second handle on a lock's file would give the lock away. */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path root;
    private final int partitions;
    private final RandomAccessFile lockFile;
    private final FileLock lock;
    private boolean complete;

    private DataFolder(Path root, int partitions, RandomAccessFile lockFile, FileLock lock) {
        this.root = root;
        this.partitions = partitions;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Takes hold of a folder, which is made if need be.
     *
     * @param partitions of the event log; cannot change during the folder's life
     * @throws StoreException when it cannot be written to, is in use, belongs to something else or to a later version, or
     *     has another number of partitions; nothing in it was changed then
     */
    public static DataFolder open(Path folder, int partitions) {
        Path root = folder.toAbsolutePath().normalize();
        if (!HELD_HERE.add(root)) {
            throw new StoreException("data folder [" + root + "] is in use by another hub of this process", null);
        }
        RandomAccessFile lockFile = null;
        try {
            Files.createDirectories(root);
            lockFile = new RandomAccessFile(root.resolve(LOCK).toFile(), "rw");
            DataFolder data = new DataFolder(root, partitions, lockFile, lock(root, lockFile));
            data.readAbout();
            return data;
        } catch (IOException e) {
            throw closing(
                    root, lockFile, new StoreException("data folder [" + root + "] cannot be used: " + why(e), e));
        } catch (RemoteProtocolException e) {
            Path about = root.resolve(ABOUT);
            throw closing(root, lockFile, new StoreException("[" + about + "] is damaged: " + e.getMessage(), e));
        } catch (StoreException e) {
            throw closing(root, lockFile, e);
        }
    }

    private static FileLock lock(Path root, RandomAccessFile file) throws IOException {
        FileLock lock = file.getChannel().tryLock();
        if (lock == null) {
            String holder = file.readLine();
            throw new StoreException(
                    "data folder [" + root + "] is in use by process " + (holder == null ? "(unknown)" : holder), null);
        }
        byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
        file.write(pid);
        file.setLength(pid.length);
        return lock;
    }

    private void readAbout() throws IOException {
        Path file = root.resolve(ABOUT);
        if (!Files.exists(file)) {
            refuseForeign();
            writeAbout();
            return;
        }
        ObjectNode about = Json.parseObject(ABOUT, Files.readAllBytes(file));
        int format = about.path("format").asInt();
        if (format > FORMAT) {
            throw new StoreException(
                    "data folder [" + root + "] has format " + format
                            + ", of a later version of Hubwire; this one knows " + FORMAT,
                    null);
        }
        int has = about.path("partitions").asInt();
        if (has != partitions) {
            throw new StoreException(
                    "data folder [" + root + "] has " + has + " partitions, not " + partitions
                            + "; their number is fixed for its life",
                    null);
        }
        complete = about.path("complete").asBoolean();
    }

    /** What is not ours is not written into. */
    private void refuseForeign() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            List<String> foreign = files.map(file -> file.getFileName().toString())
                    .filter(name -> !LEFT_BY_A_BROKEN_START.contains(name))
                    .sorted()
                    .toList();
            if (!foreign.isEmpty()) {
                throw new StoreException(
                        "[" + root + "] is no data folder of a hub: it holds [" + foreign.get(0) + "] but no [" + ABOUT
                                + "]",
                        null);
            }
        }
    }

    private void writeAbout() throws IOException {
        ObjectNode about = Json.object()
                .put("format", FORMAT)
                .put("partitions", partitions)
                .put("complete", complete);
        Path part = root.resolve(ABOUT + ".part");
        Files.write(part, Json.writeBytes(about));
        Files.move(part, root.resolve(ABOUT), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Whether a hub was started in it to the end: what such a hub makes must be there from then on. */
    public boolean isComplete() {
        return complete;
    }

    /**
     * A hub has been started in it to the end.
     *
     * @throws StoreException when that cannot be noted
     */
    public void markComplete() {
        if (complete) {
            return;
        }
        complete = true;
        try {
            writeAbout();
        } catch (IOException e) {
            throw new StoreException("data folder [" + root + "] cannot be written to: " + why(e), e);
        }
    }

    /** Absolute. */
    public Path root() {
        return root;
    }

    public Path events() {
        return root.resolve("events");
    }

    public Path blobs() {
        return root.resolve("blobs");
    }

    /** Lets go of it. Idempotent. */
    @Override
    public void close() throws IOException {
        if (!lock.isValid()) {
            return;
        }
        lock.release();
        lockFile.close();
        HELD_HERE.remove(root);
    }

    private static StoreException closing(Path root, @Nullable RandomAccessFile file, StoreException e) {
        HELD_HERE.remove(root);
        if (file != null) {
            try {
                file.close();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
        }
        return e;
    }

    private static String why(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
