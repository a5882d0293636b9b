package io.hubwire.localhub.store.log;

import io.hubwire.localhub.store.log.Frames.Found;
import io.hubwire.localhub.store.log.Frames.Header;
import io.hubwire.localhub.store.log.SegmentScan.Stretch;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One file of a log. Not thread-safe. It reads and writes through {@link RandomAccessFile}, since a channel closes itself
 * when the thread that happens to use it is interrupted.
 */
final class Segment implements Closeable {
    private static final String SUFFIX = ".log";
    /** What is read at once while looking for a record: a little more than what an index entry covers. */
    private static final int WINDOW = 8_192;

    private final Path file;
    private final Header header;
    private final SparseIndex index;
    private final RandomAccessFile bytes;
    private int end;
    private long nextSequence;
    private long lastOffset;
    private long lastMillis;

    private Segment(Path file, Header header, SparseIndex index, int end) throws IOException {
        this.file = file;
        this.header = header;
        this.index = index;
        this.end = end;
        this.nextSequence = header.firstSequence();
        this.lastOffset = header.previousOffset();
        this.lastMillis = header.previousMillis();
        this.bytes = new RandomAccessFile(file.toFile(), "rw");
    }

    static boolean isSegment(Path file) {
        return file.getFileName().toString().matches("\\d{20}\\" + SUFFIX);
    }

    /** An empty segment. */
    static Segment create(Path folder, Header header) throws IOException {
        Path file = folder.resolve(String.format("%020d", header.firstSequence()) + SUFFIX);
        Files.write(file, header.bytes());
        return new Segment(file, header, new SparseIndex(header.baseOffset()), Frames.HEADER_BYTES);
    }

    /**
     * What became of a file.
     *
     * @param segment null when the file was only begun, or its header is damaged; it is out of the way then
     * @param lost whether there were records in it that cannot be read any more
     */
    record Opened(@Nullable Segment segment, boolean lost) {}

    /**
     * Reads a segment through, and mends it.
     *
     * @param isLast whether it may end in the middle of a record
     * @throws LogException when it was written by a later version
     */
    static Opened open(Path file, boolean isLast, Consumer<Incident> incidents) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Found found = Frames.header(content);
        if (found == Found.NEWER) {
            throw new LogException("[" + file + "] was written by a later version of Hubwire", null);
        }
        if (found == Found.TORN && isLast) {
            Files.delete(file);
            incidents.accept(new Incident.TornTail(file, content.length));
            return new Opened(null, false);
        }
        if (found != Found.WHOLE) {
            Path saved = aside(file);
            Files.move(file, saved);
            incidents.accept(new Incident.Damage(file, saved, content.length));
            return new Opened(null, true);
        }
        Header header = Frames.readHeader(content);
        SegmentScan scan = SegmentScan.of(content, header.baseOffset());
        boolean torn = scan.end() < content.length;
        if (!scan.damage().isEmpty() || (torn && !isLast)) {
            mend(file, scan, content.length, incidents);
        } else if (torn) {
            incidents.accept(new Incident.TornTail(file, content.length - scan.end()));
        }
        Segment segment = new Segment(file, header, scan.index(), scan.end());
        if (torn) {
            segment.bytes.setLength(scan.end());
        }
        if (scan.lastPosition() >= 0) {
            segment.appended(
                    Frames.sequence(content, scan.lastPosition()),
                    segment.offset(scan.lastPosition()),
                    Frames.millis(content, scan.lastPosition()));
        }
        return new Opened(segment, false);
    }

    /** Saves the file as it is, then puts marks where the damage is. */
    private static void mend(Path file, SegmentScan scan, int length, Consumer<Incident> incidents) throws IOException {
        Path saved = aside(file);
        Files.copy(file, saved);
        long lost = length - scan.end();
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            for (Stretch stretch : scan.damage()) {
                if (stretch.from() < scan.end()) {
                    lost += stretch.to() - stretch.from();
                    out.seek(stretch.from());
                    out.write(Frames.record(
                            Frames.LOST, -1, 0, new byte[stretch.to() - stretch.from() - Frames.RECORD_BYTES]));
                }
            }
        }
        incidents.accept(new Incident.Damage(file, saved, lost));
    }

    private static Path aside(Path file) {
        for (int i = 1; ; i++) {
            Path saved = file.resolveSibling(file.getFileName() + ".damaged-" + i);
            if (!Files.exists(saved)) {
                return saved;
            }
        }
    }

    /**
     * Adds a record behind the last one. When this throws, it is not there.
     *
     * @return its offset
     */
    long append(long sequence, long millis, byte[] payload) throws IOException {
        byte[] record = Frames.record(Frames.RECORD, sequence, millis, payload);
        try {
            bytes.seek(end);
            bytes.write(record);
        } catch (IOException e) {
            bytes.setLength(end); // half a record must not be in the way of the next one
            throw e;
        }
        long offset = offset(end);
        index.add(sequence, end, millis);
        end += record.length;
        appended(sequence, offset, millis);
        return offset;
    }

    private void appended(long sequence, long offset, long millis) {
        nextSequence = sequence + 1;
        lastOffset = offset;
        lastMillis = millis;
    }

    /**
     * Reads records from the first one that passes on.
     *
     * @param into gets them
     * @param max how many records it may hold
     * @param maxBytes how many bytes of this file may be read beyond the first record
     * @return whether there are no more here, so that the next segment continues
     */
    boolean read(SparseIndex.Test from, List<Record> into, int max, int maxBytes) throws IOException {
        int at = index.isEmpty() ? end : index.before(from);
        int stop = -1;
        byte[] window = new byte[0];
        int windowAt = at;
        while (at < end && into.size() < max && (stop < 0 || at < stop)) {
            int have = windowAt + window.length - at;
            if (have < Frames.RECORD_BYTES || have < Frames.RECORD_BYTES + Frames.length(window, at - windowAt)) {
                int need = have < Frames.RECORD_BYTES
                        ? Frames.RECORD_BYTES
                        : Frames.RECORD_BYTES + Frames.length(window, at - windowAt);
                window = new byte[Math.min(end - at, Math.max(need, WINDOW))];
                windowAt = at;
                bytes.seek(at);
                bytes.readFully(window);
                continue;
            }
            int in = at - windowAt;
            int length = Frames.length(window, in);
            if (Frames.kind(window, in) == Frames.RECORD
                    && (stop >= 0 || from.passes(Frames.sequence(window, in), offset(at), Frames.millis(window, in)))) {
                stop = stop < 0 ? at + Frames.RECORD_BYTES + length + maxBytes : stop;
                into.add(record(window, in, at));
            }
            at += Frames.RECORD_BYTES + length;
        }
        return at >= end;
    }

    private Record record(byte[] window, int in, int at) {
        byte[] payload = new byte[Frames.length(window, in)];
        System.arraycopy(window, in + Frames.RECORD_BYTES, payload, 0, payload.length);
        return new Record(Frames.sequence(window, in), offset(at), Frames.millis(window, in), payload);
    }

    /** Forces what was appended to the disk. */
    void force() throws IOException {
        bytes.getFD().sync();
    }

    /** The header of a segment that continues this one. */
    Header next() {
        return new Header(nextSequence, offset(end), lastOffset, lastMillis);
    }

    Path file() {
        return file;
    }

    boolean isEmpty() {
        return index.isEmpty();
    }

    boolean firstPasses(SparseIndex.Test test) {
        return index.firstPasses(test);
    }

    int size() {
        return end;
    }

    long firstSequence() {
        return header.firstSequence();
    }

    long nextSequence() {
        return nextSequence;
    }

    long lastOffset() {
        return lastOffset;
    }

    long lastMillis() {
        return lastMillis;
    }

    private long offset(int position) {
        return header.baseOffset() + position - Frames.HEADER_BYTES;
    }

    void delete() throws IOException {
        close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
