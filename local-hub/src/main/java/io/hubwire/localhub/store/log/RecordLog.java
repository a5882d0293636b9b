package io.hubwire.localhub.store.log;

import io.hubwire.localhub.store.log.Frames.Header;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A log in a folder that belongs to it alone. When {@link #append} has returned, the record survives the end of this
 * process; when {@link #force} has, that of the machine. Thread-safe; its locks are leaves, held for one write, one page or one
 * wait for the disk.
 */
public final class RecordLog implements Closeable {
    /** A page stops here even when more records are asked for. */
    private static final int PAGE_BYTES = 1 << 20;

    private final Path folder;
    private final int segmentBytes;
    private final Sync sync;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Object forcing = new Object();
    private long forced = -1;
    private long bytes;
    private boolean closed;

    private RecordLog(Path folder, int segmentBytes, Sync sync) {
        this.folder = folder;
        this.segmentBytes = segmentBytes;
        this.sync = sync;
    }

    /**
     * Opens a log, or begins one; reads all of it through, so that damage is known now and not later.
     *
     * @param segmentBytes at which a new file is begun
     * @param sync whether a file that is complete is forced to the disk too
     * @param incidents told of what had to be mended
     * @throws LogException when the folder cannot be used, or a later version wrote it
     */
    public static RecordLog open(Path folder, int segmentBytes, Sync sync, Consumer<Incident> incidents) {
        RecordLog log = new RecordLog(folder, segmentBytes, sync);
        try {
            Files.createDirectories(folder);
            List<Path> files;
            try (Stream<Path> all = Files.list(folder)) {
                files = all.filter(Segment::isSegment).sorted().toList();
            }
            boolean lost = false;
            for (Path file : files) {
                boolean last = file.equals(files.get(files.size() - 1));
                Segment.Opened opened = Segment.open(file, last, incidents);
                if (opened.segment() != null) {
                    log.add(opened.segment());
                }
                lost = opened.lost();
            }
            if (lost || log.segments.isEmpty()) {
                log.add(Segment.create(folder, log.headerAfter(files, lost)));
            }
            return log;
        } catch (IOException e) {
            log.closeQuietly(e);
            throw new LogException("the log in [" + folder + "] cannot be opened: " + why(e), e);
        } catch (LogException e) {
            log.closeQuietly(e);
            throw e;
        }
    }

    /** Where to go on when the newest file is not there; no number is given twice, even when the one it had is lost. */
    private Header headerAfter(List<Path> files, boolean lost) {
        if (files.isEmpty()) {
            return new Header(0, 0, -1, 0);
        }
        String name = files.get(files.size() - 1).getFileName().toString();
        long first = Long.parseLong(name.substring(0, name.indexOf('.')));
        Header known = segments.isEmpty() ? new Header(first, 0, -1, 0) : active().next();
        if (!lost) {
            return known;
        }
        long mostBytes = segmentBytes + Frames.MAX_PAYLOAD;
        return new Header(
                first + segmentBytes / Frames.RECORD_BYTES + 1,
                known.baseOffset() + mostBytes,
                known.previousOffset(),
                known.previousMillis());
    }

    /**
     * Adds a record.
     *
     * @param millis since 1970; raised to that of the record before if it is less
     * @throws LogException when there is no room, or the disk fails; the record is not in the log then
     */
    public synchronized Record append(long millis, byte[] payload) {
        requireOpen();
        try {
            if (active().size() >= segmentBytes) {
                roll();
            }
            Segment active = active();
            long sequence = active.nextSequence();
            long time = Math.max(millis, active.lastMillis());
            int before = active.size();
            long offset = active.append(sequence, time, payload);
            bytes += active.size() - before;
            return new Record(sequence, offset, time, payload);
        } catch (IOException e) {
            throw new LogException("cannot append to [" + active().file() + "]: " + why(e), e);
        }
    }

    /**
     * A page of records from a sequence number on, in order.
     *
     * @param max at least 1; fewer come when the page gets larger than a megabyte
     */
    public synchronized List<Record> read(long fromSequence, int max) {
        return read((sequence, offset, millis) -> sequence >= fromSequence, max);
    }

    /** The first record at or after an offset. */
    public synchronized Optional<Record> firstAtOffset(long least) {
        return read((sequence, offset, millis) -> offset >= least, 1).stream().findFirst();
    }

    /** The first record appended at or after a time. */
    public synchronized Optional<Record> firstAtMillis(long least) {
        return read((sequence, offset, millis) -> millis >= least, 1).stream().findFirst();
    }

    private List<Record> read(SparseIndex.Test from, int max) {
        requireOpen();
        List<Record> found = new ArrayList<>();
        List<Segment> inOrder =
                segments.stream().filter(segment -> !segment.isEmpty()).toList();
        int first = inOrder.size() - 1;
        while (first > 0 && inOrder.get(first).firstPasses(from)) {
            first--;
        }
        try {
            boolean goOn = true;
            for (int i = Math.max(first, 0); goOn && i < inOrder.size() && found.size() < max; i++) {
                goOn = inOrder.get(i).read(from, found, max, PAGE_BYTES);
            }
            return found;
        } catch (IOException e) {
            throw new LogException("cannot read from [" + folder + "]: " + why(e), e);
        }
    }

    /** The number of the oldest record, or of the next one when there is none. */
    public synchronized long firstSequence() {
        return segments.getFirst().firstSequence();
    }

    /** The number the next record will have. */
    public synchronized long nextSequence() {
        return active().nextSequence();
    }

    /** The offset of the last record there ever was, -1 when there was none. */
    public synchronized long lastOffset() {
        return active().lastOffset();
    }

    /** The time of the last record there ever was, 0 when there was none. */
    public synchronized long lastMillis() {
        return active().lastMillis();
    }

    /** What its files take. */
    public synchronized long bytes() {
        return bytes;
    }

    /**
     * Begins a new file, unless the present one is empty. What comes next is in it.
     *
     * @throws LogException when there is no room for it
     */
    public synchronized void roll() {
        requireOpen();
        if (active().isEmpty()) {
            return;
        }
        try {
            if (sync == Sync.MACHINE) {
                active().force(); // nobody forces it later: only the newest file is
            }
            add(Segment.create(folder, active().next()));
        } catch (IOException e) {
            throw new LogException("cannot begin a new file in [" + folder + "]: " + why(e), e);
        }
    }

    /**
     * Deletes the oldest files while they may go and the newest is not reached.
     *
     * @param mayGo told the time of a file's last record, and what all files take now
     */
    public synchronized void deleteOldest(Retention mayGo) {
        requireOpen();
        try {
            while (segments.size() > 1 && mayGo.allows(segments.getFirst().lastMillis(), bytes)) {
                Segment oldest = segments.removeFirst();
                bytes -= oldest.size();
                oldest.delete();
            }
        } catch (IOException e) {
            throw new LogException("cannot delete the oldest file in [" + folder + "]: " + why(e), e);
        }
    }

    /** Which files may go. */
    public interface Retention {
        boolean allows(long lastMillis, long allBytes);
    }

    /**
     * Forces a record, and all before it, to the disk, unless that was done already. Callers that come while another one
     * waits for the disk share the next turn.
     */
    public void force(long sequence) {
        synchronized (forcing) {
            if (forced >= sequence) {
                return;
            }
            Segment segment;
            long upTo;
            synchronized (this) {
                requireOpen();
                segment = active();
                upTo = segment.nextSequence() - 1;
            }
            try {
                segment.force(); // without the other lock: it takes milliseconds, and appending may go on
                forced = upTo;
            } catch (IOException e) {
                throw new LogException("cannot force [" + segment.file() + "] to the disk: " + why(e), e);
            }
        }
    }

    /** Forces what was appended to the disk and lets go of the files. Idempotent. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        active().force();
        for (Segment segment : segments) {
            segment.close();
        }
    }

    private void add(Segment segment) {
        segments.addLast(segment);
        bytes += segment.size();
    }

    private Segment active() {
        return segments.getLast();
    }

    private void requireOpen() {
        if (closed) {
            throw new LogException("the log in [" + folder + "] is closed", null);
        }
    }

    private void closeQuietly(Exception cause) {
        for (Segment segment : segments) {
            try {
                segment.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    private static String why(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
