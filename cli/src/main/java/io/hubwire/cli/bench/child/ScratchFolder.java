package io.hubwire.cli.bench.child;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A temporary folder that goes when it is closed. */
record ScratchFolder(Path path) implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ScratchFolder.class);

    static ScratchFolder create() {
        try {
            return new ScratchFolder(Files.createTempDirectory("hubwire-bench"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> inside = Files.walk(path)) {
            for (Path file : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            log.warn("left behind: {} ({})", path, e.toString());
        }
    }
}
