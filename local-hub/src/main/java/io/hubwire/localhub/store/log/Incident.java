package io.hubwire.localhub.store.log;

import java.nio.file.Path;

/** Something that was found and mended while a log was opened. */
public sealed interface Incident {
    /** The last record was only begun when its writer stopped; nobody was told that it was kept. It was cut off. */
    record TornTail(Path file, long bytes) implements Incident {}

    /**
     * Bytes are not as they were written. All that is whole was kept; the file as it was found is beside it.
     *
     * @param saved a copy of the file as it was found
     * @param bytes how many are lost
     */
    record Damage(Path file, Path saved, long bytes) implements Incident {}
}
