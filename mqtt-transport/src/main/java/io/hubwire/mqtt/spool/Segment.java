package io.hubwire.mqtt.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of a spool. A {@link RandomAccessFile}, because a channel is closed when the thread at work is interrupted, and
 * Paho interrupts its threads. Not thread-safe.
 */
final class Segment {
    private static final Logger log = LoggerFactory.getLogger(Segment.class);
    private static final byte[] MAGIC = {'H', 'W', 'S', 'P'};
    private static final byte VERSION = 1;
    private static final int HEAD = MAGIC.length + 1;

    private final Path path;
    private final RandomAccessFile file;
    /** Sequence numbers of the messages here that are not done, with the length of their records. */
    private final Map<Long, Integer> live = new HashMap<>();

    private long liveBytes;
    private long size;
    private boolean sealed;
    private boolean damaged;

    private Segment(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    static Segment create(Path path) throws IOException {
        Segment segment = new Segment(path, new RandomAccessFile(path.toFile(), "rw"));
        segment.file.setLength(0);
        segment.file.write(MAGIC);
        segment.file.write(VERSION);
        segment.size = HEAD;
        return segment;
    }

    /**
     * Opens a segment of an earlier run and tells of each sound record. A file with anything else in it is only read from
     * now on; one that is no segment at all is put aside.
     *
     * @throws IOException also when the segment is of a version that this one does not know
     */
    static Segment open(Path path, SegmentScan.Visitor records) throws IOException {
        byte[] all = Files.readAllBytes(path);
        if (all.length < HEAD && Arrays.equals(all, Arrays.copyOf(MAGIC, all.length))) {
            return create(path); // the process ended while it was being made
        }
        if (all.length < HEAD || !Arrays.equals(Arrays.copyOf(all, MAGIC.length), MAGIC)) {
            Path aside = path.resolveSibling(path.getFileName() + ".unreadable");
            log.error("[{}] is no spool segment; kept as [{}]", path, aside.getFileName());
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
            return create(path);
        }
        if (all[MAGIC.length] != VERSION) {
            throw new IOException("[" + path.getFileName() + "] has format version [" + all[MAGIC.length]
                    + "]; this program knows version " + VERSION + " only");
        }
        Segment segment = new Segment(path, new RandomAccessFile(path.toFile(), "rw"));
        segment.size = all.length;
        SegmentScan.scan(all, HEAD, records).forEach(segment::hasGap);
        return segment;
    }

    private void hasGap(SegmentScan.Gap gap) {
        sealed = true;
        if (gap.tornOff()) {
            log.info("spool segment [{}] ends within a record, at [{}]: its writer was stopped", path, gap.at());
        } else {
            damaged = true;
            log.error(
                    "spool segment [{}] is damaged: [{}] bytes from [{}] are no sound record; what they held is lost",
                    path,
                    gap.length(),
                    gap.at());
        }
    }

    /** Whether records may be appended: not to what an earlier run left imperfect. */
    boolean isSealed() {
        return sealed;
    }

    /** Appends a record whole, or not at all. @return where it begins */
    long append(byte[] record) throws IOException {
        long at = size;
        try {
            file.seek(at);
            file.write(record);
        } catch (IOException failed) {
            file.setLength(at);
            throw failed;
        }
        size += record.length;
        return at;
    }

    /** Waits until all that was appended is on the medium. */
    void sync() throws IOException {
        file.getFD().sync();
    }

    /** Reads the message that begins there. */
    SpooledMessage read(long at) throws IOException {
        file.seek(at);
        int length = file.readInt();
        int crc = file.readInt();
        if (length < 0 || length > SpoolRecords.LONGEST) {
            throw new IOException("[" + path + "]: record at [" + at + "] has a length of [" + length + "]");
        }
        byte[] content = new byte[length];
        file.readFully(content);
        SpoolRecords.Content read =
                SpoolRecords.crc(content, 0, length) == crc ? SpoolRecords.read(ByteBuffer.wrap(content)) : null;
        SpooledMessage message = read == null ? null : read.message();
        if (message == null) {
            throw new IOException("[" + path + "]: record at [" + at + "] is damaged");
        }
        return message;
    }

    /** A message lies here that is not done. */
    void keep(long sequence, int length) {
        live.put(sequence, length);
        liveBytes += length;
    }

    /** A message that lies here is done, or lies somewhere else as well by now. */
    void release(long sequence) {
        Integer length = live.remove(sequence);
        if (length != null) {
            liveBytes -= length;
        }
    }

    /** Messages here that are not done. */
    List<Long> live() {
        return new ArrayList<>(live.keySet());
    }

    boolean hasLive() {
        return !live.isEmpty();
    }

    /** Bytes that messages take which are not done. */
    long liveBytes() {
        return liveBytes;
    }

    long size() {
        return size;
    }

    void close() throws IOException {
        file.close();
    }

    /** Nothing in it is needed any more. If it was damaged it is kept under another name, for whoever wants to look. */
    void delete() throws IOException {
        file.close();
        if (damaged) {
            Path aside = path.resolveSibling(path.getFileName() + ".damaged");
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.deleteIfExists(path);
        }
    }
}
