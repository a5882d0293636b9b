package io.hubwire.mqtt;

import io.hubwire.mqtt.spool.Spool;
import java.nio.file.Path;

/**
 * Where a client keeps messages until the hub has acknowledged them, so that they survive the end of the process, even a
 * violent one. A message is with the operating system when {@code send} returns, and on the medium too if {@code synced}.
 * Each client needs a folder of its own; while one uses it, another that tries fails.
 *
 * <p>After a restart the messages of the earlier run go out first, in their order; the hub may get some of them twice. A
 * message leaves the folder when it is acknowledged, expires, times out or is dropped from a full queue; closing the client
 * leaves it there. So the message time-out of {@link ClientOptions} should be as long as the longest time without a network.
 *
 * @param folder made if it is not there
 * @param maxBytes on disk, 1,048,576 (1 MiB) to 1,073,741,824 (1 GiB); a message that does not fit is refused with
 *     {@code QUEUE_FULL}
 * @param synced whether {@code send} waits until the message is on the medium, so that it survives a power cut as well;
 *     costs one {@code fsync} for each message
 */
public record SpoolFolder(Path folder, long maxBytes, boolean synced) {
    /** @throws IllegalArgumentException when the range above is broken */
    public SpoolFolder {
        if (maxBytes < Spool.SMALLEST || maxBytes > Spool.LARGEST) {
            throw new IllegalArgumentException(
                    "spool of [" + maxBytes + "] bytes must have " + Spool.SMALLEST + " to " + Spool.LARGEST);
        }
    }

    /** A folder whose messages survive the end of the process, {@code kill -9} included, but not that of the machine. */
    public SpoolFolder(Path folder, long maxBytes) {
        this(folder, maxBytes, false);
    }

    /** The same folder; its messages survive a power cut as well. */
    public SpoolFolder withSync() {
        return new SpoolFolder(folder, maxBytes, true);
    }
}
