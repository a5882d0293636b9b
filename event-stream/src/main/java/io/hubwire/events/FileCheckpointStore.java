package io.hubwire.events;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checkpoints in one text file: a line each, {@code scope<TAB>partition<TAB>sequence number<TAB>offset}. Each save writes a
 * new file beside it, forces it to disk and moves it into place, so a crash leaves the old one or the new one. For one
 * process at a time.
 */
public final class FileCheckpointStore implements CheckpointStore {
    private static final Pattern LINE = Pattern.compile("([^\t]+)\t([^\t]+)\t(\\d{1,18})\t(.*)");

    /** The file cannot be read or written, or holds something else. */
    private static final class Unusable extends HubwireException {
        private static final long serialVersionUID = 1L;

        Unusable(String message, IOException cause) {
            super(ErrorCode.STORAGE_FAILED, message, cause);
        }
    }

    private record Key(String scope, String partition) {}

    private final Path file;

    /** @param file made on the first save; its folder must exist */
    public FileCheckpointStore(Path file) {
        this.file = file.toAbsolutePath();
    }

    @Override
    public synchronized Map<String, Checkpoint> load(String scope) {
        Map<String, Checkpoint> found = new LinkedHashMap<>();
        read().forEach((key, checkpoint) -> {
            if (key.scope().equals(scope)) {
                found.put(key.partition(), checkpoint);
            }
        });
        return found;
    }

    @Override
    public synchronized void save(String scope, String partition, Checkpoint checkpoint) {
        if ((scope + partition + checkpoint.offset()).chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("scope, partition and offset must not hold control characters");
        }
        Map<Key, Checkpoint> all = read();
        all.put(new Key(scope, partition), checkpoint);
        List<String> lines = new ArrayList<>();
        all.forEach((key, c) -> lines.add(
                String.join("\t", key.scope(), key.partition(), Long.toString(c.sequenceNumber()), c.offset())));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.write(next, lines, StandardCharsets.UTF_8);
            try (FileChannel written = FileChannel.open(next, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new Unusable("cannot write checkpoints to [" + file + "]: " + failed.getMessage(), failed);
        }
    }

    private Map<Key, Checkpoint> read() {
        Map<Key, Checkpoint> all = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return all;
        }
        try {
            int number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                number++;
                Matcher form = LINE.matcher(line);
                if (!form.matches()) {
                    throw new IOException("line " + number + " is not scope, partition, sequence number and offset");
                }
                all.put(
                        new Key(form.group(1), form.group(2)),
                        new Checkpoint(form.group(4), Long.parseLong(form.group(3))));
            }
            return all;
        } catch (IOException failed) {
            throw new Unusable("cannot read checkpoints from [" + file + "]: " + failed.getMessage(), failed);
        }
    }
}
