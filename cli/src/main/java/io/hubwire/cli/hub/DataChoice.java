package io.hubwire.cli.hub;

import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.LocalHubOptions.Data;
import io.hubwire.localhub.store.log.Sync;
import io.hubwire.protocol.InvalidInputException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the hub keeps what it knows. */
final class DataChoice {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep everything in this folder: what was acknowledged survives even kill -9."
                    + " Default: memory only.")
    @Nullable
    Path folder;

    @Option(
            names = "--fsync",
            description = "With --data: acknowledge only what is on the disk, so that it survives a power failure too."
                    + " Slower.")
    boolean fsync;

    void applyTo(LocalHubOptions.Builder options) {
        if (folder != null) {
            options.data(Data.in(folder).withSync(fsync ? Sync.MACHINE : Sync.PROCESS));
        } else if (fsync) {
            throw new InvalidInputException("--fsync needs --data: there is no disk to wait for");
        }
    }
}
