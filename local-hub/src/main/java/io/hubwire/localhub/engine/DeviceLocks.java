package io.hubwire.localhub.engine;

import io.hubwire.localhub.store.StoreConflict;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.HubError;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One lock per device (devices share a few hundred), held while its identity, its modules or their twins change, and
 * until the change has been handed to the device's session: so patches reach a device in order of version. First in the
 * engine's lock order; nobody holds two.
 */
final class DeviceLocks {
    private static final int STRIPES = 256;

    private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];

    DeviceLocks() {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new ReentrantLock();
        }
    }

    /**
     * Runs {@code work} alone.
     *
     * @throws HubException 412001 when another hub on the same store was faster, which no lock of this one keeps out
     */
    <T> T locked(DeviceId device, Supplier<T> work) {
        int hash = device.value().hashCode();
        ReentrantLock lock = stripes[(hash ^ (hash >>> 16)) & (STRIPES - 1)];
        lock.lock();
        try {
            return work.get();
        } catch (StoreConflict e) {
            throw new HubException(HubError.PRECONDITION_FAILED, "Precondition failed: " + e.getMessage());
        } finally {
            lock.unlock();
        }
    }
}
