package io.hubwire.mqtt.spool;

import io.hubwire.protocol.ErrorCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of messages that the hub has not acknowledged; its form is described with the package. In memory it keeps only
 * where each message lies. Used by one client of one process at a time, which a lock ensures. Thread-safe; its methods
 * wait for the disk.
 */
public final class Spool implements AutoCloseable {
    /** The smallest limit that leaves room for two messages of the largest kind. */
    public static final long SMALLEST = 2L * SpoolRecords.LONGEST;
    /** The largest limit: segments are read whole, and each is an open file. */
    public static final long LARGEST = 1024L * 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(Spool.class);
    private static final Pattern SEGMENT_NAME = Pattern.compile("(\\d{10})\\.spool(\\..*)?");
    private static final String SUFFIX = ".spool";
    private static final int SEGMENTS = 8;
    private static final long LARGEST_SEGMENT = 16L * 1024 * 1024;

    private record Place(Segment segment, long at) {}

    private final Path folder;
    private final long maxBytes;
    private final boolean synced;
    private final RandomAccessFile lockFile;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Map<Long, Place> places = new HashMap<>();
    private long lastSequence;
    private int lastSegment;
    private boolean closed;

    private Spool(Path folder, long maxBytes, boolean synced, RandomAccessFile lockFile) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.synced = synced;
        this.lockFile = lockFile;
    }

    /**
     * Opens a spool, or makes one.
     *
     * @param folder made if it is not there
     * @param maxBytes on disk, {@link #SMALLEST} to {@link #LARGEST}; an eighth of it is kept for tidying up, and where the
     *     rest ends {@link #append} refuses
     * @param synced whether {@link #append} waits until the message is on the medium
     * @throws SpoolException when the folder cannot be used, another client uses it, or it is of another version
     */
    public static Spool open(Path folder, long maxBytes, boolean synced) {
        if (maxBytes < SMALLEST || maxBytes > LARGEST) {
            throw new IllegalArgumentException(
                    "spool of [" + maxBytes + "] bytes; allowed are " + SMALLEST + " to " + LARGEST);
        }
        try {
            Files.createDirectories(folder);
            RandomAccessFile lockFile =
                    new RandomAccessFile(folder.resolve("lock").toFile(), "rw");
            if (lock(lockFile) == null) {
                lockFile.close();
                throw new SpoolException(
                        ErrorCode.STORAGE_FAILED, "spool [" + folder + "] is in use by another client", null);
            }
            Spool spool = new Spool(folder, maxBytes, synced, lockFile);
            try {
                spool.recover();
            } catch (IOException unreadable) {
                spool.close();
                throw unreadable;
            }
            return spool;
        } catch (IOException unusable) {
            throw new SpoolException(
                    ErrorCode.STORAGE_FAILED, "spool [" + folder + "] cannot be opened: " + unusable, unusable);
        }
    }

    private static @Nullable FileLock lock(RandomAccessFile file) throws IOException {
        try {
            return file.getChannel().tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    private void recover() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.sorted().toList();
        }
        for (Path path : files) {
            Matcher name = SEGMENT_NAME.matcher(path.getFileName().toString());
            if (name.matches()) {
                lastSegment = Math.max(lastSegment, Integer.parseInt(name.group(1)));
                if (name.group(2) == null) {
                    recover(path);
                }
            }
        }
        dropDone();
    }

    private void recover(Path path) throws IOException {
        record Found(long sequence, boolean isMessage, int at, int length) {}
        List<Found> found = new ArrayList<>();
        Segment segment = Segment.open(
                path,
                (content, at, length) ->
                        found.add(new Found(content.sequence(), content.message() != null, at, length)));
        segments.add(segment);
        for (Found record : found) {
            long sequence = record.sequence();
            lastSequence = Math.max(lastSequence, sequence);
            Place earlier = places.remove(sequence);
            if (earlier != null) {
                earlier.segment().release(sequence);
            }
            if (record.isMessage()) {
                place(sequence, segment, record.at(), record.length());
            }
        }
    }

    /** Tells of each message that is not done, oldest first; read from disk one by one. */
    public synchronized void forEach(Consumer<SpooledMessage> action) {
        new TreeMap<>(places).keySet().forEach(sequence -> action.accept(read(sequence)));
    }

    /** Messages that are not done. */
    public synchronized int count() {
        return places.size();
    }

    /** Bytes on disk. */
    public synchronized long bytes() {
        return segments.stream().mapToLong(Segment::size).sum();
    }

    /**
     * Keeps a message. When this returns it survives the end of the process, and that of the machine if the spool is synced.
     *
     * @return its sequence number
     * @throws SpoolException {@code QUEUE_FULL} when there is no room, {@code STORAGE_FAILED} when the disk fails
     */
    public synchronized long append(@Nullable String messageId, @Nullable Instant expiry, String topic, byte[] body) {
        long sequence = lastSequence + 1;
        byte[] record = SpoolRecords.message(new SpooledMessage(sequence, messageId, expiry, topic, body));
        try {
            makeRoom(record.length);
            Segment segment = current();
            long at = segment.append(record);
            if (synced) {
                segment.sync();
            }
            place(sequence, segment, at, record.length);
            lastSequence = sequence;
            return sequence;
        } catch (IOException failed) {
            throw new SpoolException(
                    ErrorCode.STORAGE_FAILED, "spool [" + folder + "] cannot be written: " + failed, failed);
        }
    }

    /**
     * Reads a message that is not done.
     *
     * @throws SpoolException when the disk fails
     */
    public synchronized SpooledMessage read(long sequence) {
        Place place = places.get(sequence);
        if (place == null) {
            throw new IllegalArgumentException("message [" + sequence + "] is not in the spool");
        }
        try {
            return place.segment().read(place.at());
        } catch (IOException failed) {
            throw new SpoolException(
                    ErrorCode.STORAGE_FAILED, "spool [" + folder + "] cannot be read: " + failed, failed);
        }
    }

    /** A message is done. If that cannot be written it will come again after a restart: twice is better than never. */
    public synchronized void remove(long sequence) {
        Place place = places.get(sequence);
        if (place == null || closed) {
            return;
        }
        places.remove(sequence);
        place.segment().release(sequence);
        try {
            current().append(SpoolRecords.done(sequence));
            dropDone();
        } catch (IOException failed) {
            log.warn("spool [{}] cannot note that message [{}] is done", folder, sequence, failed);
        }
    }

    private void makeRoom(int bytes) throws IOException {
        while (bytes() + bytes > maxBytes / 2 && segments.size() > 1 && mostlyDone(segments.getFirst())) {
            rewriteOldest();
        }
        long tidyFrom = maxBytes - maxBytes / 4; // soon enough to have room for the copies
        for (int left = segments.size() - 1; left > 0 && bytes() + bytes > tidyFrom && worthTidying(); left--) {
            rewriteOldest();
        }
        long limit = maxBytes - maxBytes / SEGMENTS;
        if (bytes() + bytes > limit) {
            throw new SpoolException(
                    ErrorCode.QUEUE_FULL,
                    "spool [" + folder + "] is full: [" + places.size() + "] messages, [" + bytes() + "] of " + maxBytes
                            + " bytes",
                    null);
        }
    }

    private static boolean mostlyDone(Segment segment) {
        return segment.liveBytes() < segment.size() / 2;
    }

    /** Whether all segments together hold more than one segment's worth of what is done, and the oldest can be copied. */
    private boolean worthTidying() {
        long alive = segments.stream().mapToLong(Segment::liveBytes).sum();
        return segments.size() > 1
                && bytes() - alive > segmentBytes()
                && bytes() + segments.getFirst().liveBytes() <= maxBytes;
    }

    /** Frees the oldest segment by writing the messages that it still holds to the end. */
    private void rewriteOldest() throws IOException {
        Segment oldest = segments.getFirst();
        for (long sequence : oldest.live().stream().sorted().toList()) {
            byte[] record = SpoolRecords.message(read(sequence));
            Segment target = current();
            long at = target.append(record);
            oldest.release(sequence);
            place(sequence, target, at, record.length);
        }
        if (synced) {
            for (Segment segment : segments) {
                segment.sync();
            }
        }
        dropDone();
    }

    private long segmentBytes() {
        return Math.min(LARGEST_SEGMENT, maxBytes / SEGMENTS);
    }

    private Segment current() throws IOException {
        if (closed) {
            throw new IOException("it is closed");
        }
        Segment last = segments.peekLast();
        if (last == null || last.isSealed() || last.size() >= segmentBytes()) {
            last = Segment.create(folder.resolve(String.format("%010d%s", ++lastSegment, SUFFIX)));
            segments.addLast(last);
            if (synced) {
                syncFolder();
            }
        }
        return last;
    }

    /** A new file's name must be on the medium too. */
    private void syncFolder() throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) { // others cannot open a folder
            try (FileChannel itself = FileChannel.open(folder, StandardOpenOption.READ)) {
                itself.force(true);
            }
        }
    }

    /** Oldest first, and only as long as there are no gaps: what is done in an old segment is noted in a newer one. */
    private void dropDone() throws IOException {
        while (segments.size() > 1 && !segments.getFirst().hasLive()) {
            segments.removeFirst().delete();
        }
    }

    private void place(long sequence, Segment segment, long at, int length) {
        places.put(sequence, new Place(segment, at));
        segment.keep(sequence, length);
    }

    /** Ends the use of the folder; what is in it stays. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            for (Segment segment : segments) {
                segment.close();
            }
            lockFile.close();
        } catch (IOException failed) {
            log.warn("spool [{}] could not be closed properly", folder, failed);
        }
    }
}
