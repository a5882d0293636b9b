package io.hubwire.cli.hub;

import io.hubwire.cli.registry.EngineTarget;
import io.hubwire.cli.registry.ImportReport;
import io.hubwire.cli.registry.RegistryImport;
import io.hubwire.localhub.LocalHub;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.TransportException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What a hub begins with. A test bench that starts with less than its file says would mislead, so one bad line refuses
 * the start.
 */
final class Seed {
    private final Path file;

    Seed(Path file) {
        this.file = file;
    }

    /**
     * @throws InvalidInputException when a line is bad; names file, line and rule
     * @throws TransportException {@code STORAGE_FAILED} when the file cannot be read
     */
    ImportReport sow(LocalHub hub) {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            return new RegistryImport(new EngineTarget(hub.engine()), bad -> {
                        throw new BadSeed("--seed [" + file + "] line " + bad.number() + ": " + bad.reason());
                    })
                    .read(lines, done -> {});
        } catch (BadSeed e) {
            throw new InvalidInputException(String.valueOf(e.getMessage()), e);
        } catch (NoSuchFileException e) {
            throw new TransportException(ErrorCode.STORAGE_FAILED, "--seed [" + file + "] does not exist", e);
        } catch (IOException e) {
            throw new TransportException(
                    ErrorCode.STORAGE_FAILED, "--seed [" + file + "] cannot be read as UTF-8 text", e);
        }
    }

    /** Ends the reading; must not be taken for a line's own fault. */
    private static final class BadSeed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private BadSeed(String message) {
            super(message, null, false, false);
        }
    }
}
