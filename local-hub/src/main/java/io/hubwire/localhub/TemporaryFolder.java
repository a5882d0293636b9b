package io.hubwire.localhub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that is gone when it is closed. @param path absolute */
record TemporaryFolder(Path path) implements AutoCloseable {
    /** @param purpose part of its name, with the process id, so that one left behind by a crash can be told */
    static TemporaryFolder create(String purpose) throws IOException {
        String prefix = "hubwire-" + purpose + "-" + ProcessHandle.current().pid() + "-";
        return new TemporaryFolder(Files.createTempDirectory(prefix).toAbsolutePath());
    }

    @Override
    public void close() {
        try (Stream<Path> found = Files.walk(path)) {
            List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("left behind [" + path + "]", e);
        }
    }
}
