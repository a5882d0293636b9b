package io.hubwire.mqtt.spool;

import io.hubwire.protocol.ErrorCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of messages that the hub has not acknowledged; its form is described with the package. In memory it keeps only
 * where each message lies. Used by one client of one process at a time, which a lock ensures. Thread-safe.
 */
public final class Spool implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Spool.class);
    private static final String SUFFIX = ".spool";
    private static final long SMALLEST = 2L * SpoolRecords.LONGEST;
    private static final int SEGMENTS = 8;

    private record Place(Segment segment, long at) {}

    private final Path folder;
    private final long maxBytes;
    private final RandomAccessFile lockFile;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Map<Long, Place> places = new HashMap<>();
    private long lastSequence;
    private int lastSegment;
    private boolean closed;

    private Spool(Path folder, long maxBytes, RandomAccessFile lockFile) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.lockFile = lockFile;
    }

    /**
     * Opens a spool, or makes one.
     *
     * @param folder made if it is not there
     * @param maxBytes on disk, 1 MB or more; beyond that {@link #append} refuses
     * @throws SpoolException when the folder cannot be used or another client uses it
     */
    public static Spool open(Path folder, long maxBytes) {
        if (maxBytes < SMALLEST) {
            throw new IllegalArgumentException(
                    "spool of [" + maxBytes + "] bytes; at least " + SMALLEST + " are needed");
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
            Spool spool = new Spool(folder, maxBytes, lockFile);
            spool.recover();
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
            files = all.filter(p -> p.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        for (Path path : files) {
            lastSegment = Math.max(lastSegment, number(path));
            List<SpoolRecords.Content> contents = new ArrayList<>();
            List<Long> positions = new ArrayList<>();
            Segment segment = Segment.open(path, (content, at) -> {
                contents.add(content);
                positions.add(at);
            });
            segments.add(segment);
            for (int i = 0; i < contents.size(); i++) {
                recover(contents.get(i), segment, positions.get(i));
            }
        }
        dropDone();
    }

    private void recover(SpoolRecords.Content content, Segment segment, long at) {
        long sequence = content.sequence();
        lastSequence = Math.max(lastSequence, sequence);
        Place earlier = places.remove(sequence);
        if (earlier != null) {
            earlier.segment().live().remove(sequence);
        }
        if (content.message() != null) {
            place(sequence, segment, at);
        }
    }

    private static int number(Path path) {
        String name = path.getFileName().toString();
        try {
            return Integer.parseInt(name.substring(0, name.length() - SUFFIX.length()));
        } catch (NumberFormatException notOurs) {
            return 0;
        }
    }

    /** Messages that are not done, oldest first; read from disk one by one. */
    public synchronized List<SpooledMessage> messages() {
        return new TreeMap<>(places).keySet().stream().map(this::read).toList();
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
     * Keeps a message. When this returns, it survives the end of the process.
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
            place(sequence, segment, segment.append(record));
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
            throw new IllegalArgumentException("message " + sequence + " is not in the spool");
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
        Place place = places.remove(sequence);
        if (place == null || closed) {
            return;
        }
        place.segment().live().remove(sequence);
        try {
            current().append(SpoolRecords.done(sequence));
            dropDone();
        } catch (IOException failed) {
            log.warn("spool [{}] cannot note that message {} is done", folder, sequence, failed);
        }
    }

    private void makeRoom(int bytes) throws IOException {
        if (bytes() + bytes > maxBytes / 2 && segments.size() > 1) {
            rewriteOldest();
        }
        if (bytes() + bytes > maxBytes) {
            throw new SpoolException(
                    ErrorCode.QUEUE_FULL,
                    "spool [" + folder + "] is full: " + places.size() + " messages, " + bytes() + " of " + maxBytes
                            + " bytes",
                    null);
        }
    }

    /** Frees a segment that only a few messages keep alive. */
    private void rewriteOldest() throws IOException {
        Segment oldest = segments.getFirst();
        long alive = 0;
        List<SpooledMessage> messages = new ArrayList<>();
        for (long sequence : oldest.live()) {
            SpooledMessage message = read(sequence);
            alive += message.body().length;
            messages.add(message);
        }
        if (alive > oldest.size() / 2) {
            return;
        }
        for (SpooledMessage message : messages) {
            Segment target = current();
            oldest.live().remove(message.sequence());
            place(message.sequence(), target, target.append(SpoolRecords.message(message)));
        }
        dropDone();
    }

    private Segment current() throws IOException {
        if (closed) {
            throw new IOException("it is closed");
        }
        Segment last = segments.peekLast();
        if (last == null || last.size() >= maxBytes / SEGMENTS) {
            last = Segment.create(folder.resolve(String.format("%010d%s", ++lastSegment, SUFFIX)));
            segments.addLast(last);
        }
        return last;
    }

    /** Oldest first, and only as long as there are no gaps: what is done in an old segment is noted in a newer one. */
    private void dropDone() throws IOException {
        while (segments.size() > 1 && segments.getFirst().live().isEmpty()) {
            segments.removeFirst().delete();
        }
    }

    private void place(long sequence, Segment segment, long at) {
        places.put(sequence, new Place(segment, at));
        segment.live().add(sequence);
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
