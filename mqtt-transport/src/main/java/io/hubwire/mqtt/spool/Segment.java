package io.hubwire.mqtt.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of a spool. A {@link RandomAccessFile}, because a channel is closed when the thread at work is interrupted, and
 * Paho interrupts its threads. Not thread-safe.
 */
final class Segment {
    private static final Logger log = LoggerFactory.getLogger(Segment.class);
    private static final byte[] HEAD = {'H', 'W', 'S', 'P', 1};

    private final Path path;
    private final RandomAccessFile file;
    private final Set<Long> live = new HashSet<>();
    private long size;

    private Segment(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    static Segment create(Path path) throws IOException {
        Segment segment = new Segment(path, new RandomAccessFile(path.toFile(), "rw"));
        segment.file.setLength(0);
        segment.file.write(HEAD);
        segment.size = HEAD.length;
        return segment;
    }

    /**
     * Opens a segment of an earlier run and tells of each sound record with its position. What follows the last sound one
     * is cut off.
     */
    static Segment open(Path path, ObjLongConsumer<SpoolRecords.Content> records) throws IOException {
        byte[] all = Files.readAllBytes(path);
        if (all.length < HEAD.length) {
            return create(path); // the process ended while it was being made
        }
        if (!Arrays.equals(Arrays.copyOf(all, HEAD.length), HEAD)) {
            Path aside = path.resolveSibling(path.getFileName() + ".unreadable");
            log.warn("[{}] is no spool segment of version 1; kept as [{}]", path, aside.getFileName());
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
            return create(path);
        }
        Segment segment = new Segment(path, new RandomAccessFile(path.toFile(), "rw"));
        int at = HEAD.length;
        for (SpoolRecords.Content content = contentAt(all, at); content != null; content = contentAt(all, at)) {
            records.accept(content, at);
            at += SpoolRecords.HEADER + lengthAt(all, at);
        }
        if (at < all.length) {
            log.warn("spool segment [{}] ends in {} bytes that are no whole record; cut off", path, all.length - at);
            segment.file.setLength(at);
        }
        segment.size = at;
        return segment;
    }

    private static SpoolRecords.@Nullable Content contentAt(byte[] all, int at) {
        if (all.length - at < SpoolRecords.HEADER) {
            return null;
        }
        int length = lengthAt(all, at);
        int start = at + SpoolRecords.HEADER;
        if (length < 0
                || length > SpoolRecords.LONGEST
                || length > all.length - start
                || SpoolRecords.crc(all, start, length) != intAt(all, at + 4)) {
            return null;
        }
        return SpoolRecords.read(Arrays.copyOfRange(all, start, start + length));
    }

    private static int lengthAt(byte[] all, int at) {
        return intAt(all, at);
    }

    private static int intAt(byte[] all, int at) {
        return (all[at] & 0xff) << 24 | (all[at + 1] & 0xff) << 16 | (all[at + 2] & 0xff) << 8 | (all[at + 3] & 0xff);
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

    /** Reads the message that begins there. */
    SpooledMessage read(long at) throws IOException {
        file.seek(at);
        int length = file.readInt();
        int crc = file.readInt();
        if (length < 0 || length > SpoolRecords.LONGEST) {
            throw new IOException("record at " + at + " has a length of " + length);
        }
        byte[] content = new byte[length];
        file.readFully(content);
        SpoolRecords.Content read = SpoolRecords.crc(content, 0, length) == crc ? SpoolRecords.read(content) : null;
        SpooledMessage message = read == null ? null : read.message();
        if (message == null) {
            throw new IOException("record at " + at + " is damaged");
        }
        return message;
    }

    /** Sequence numbers of the messages here that are not done. */
    Set<Long> live() {
        return live;
    }

    long size() {
        return size;
    }

    Path path() {
        return path;
    }

    void close() throws IOException {
        file.close();
    }

    void delete() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }
}
