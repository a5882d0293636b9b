package io.hubwire.localhub.engine;

import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.localhub.engine.EventLog.PartitionInfo;
import io.hubwire.localhub.engine.EventLog.Start;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.protocol.HubError;
import java.util.List;

/** One partition of the event log. Thread-safe; its lock is a leaf. The methods are those of {@link EventLog}. */
interface EventPartition {
    Stored append(Incoming event);

    List<Stored> read(long from, int max);

    long resolve(Start start);

    PartitionInfo info();

    /** The number an offset is. @throws HubException 400004 */
    static long offset(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new HubException(HubError.ARGUMENT_INVALID, "offset [" + text + "] must be a number");
        }
    }
}
