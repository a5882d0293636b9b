package io.hubwire.mqtt;

import java.nio.file.Path;

/**
 * Where a client keeps messages until the hub has acknowledged them, so that they survive the end of the process, even a
 * violent one. A message is on disk when {@code send} returns. Each client needs a folder of its own.
 *
 * <p>After a restart the messages of the earlier run go out first, in their order; the hub may get some of them twice. A
 * message leaves the folder when it is acknowledged, expires, times out or is dropped from a full queue; closing the client
 * leaves it there. So the message time-out of {@link ClientOptions} should be as long as the longest time without a network.
 *
 * @param folder made if it is not there
 * @param maxBytes on disk, 1,048,576 or more; a message that does not fit is refused with {@code QUEUE_FULL}
 */
public record SpoolFolder(Path folder, long maxBytes) {}
