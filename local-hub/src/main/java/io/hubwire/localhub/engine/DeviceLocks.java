package io.hubwire.localhub.engine;

import io.hubwire.protocol.DeviceId;
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

    <T> T locked(DeviceId device, Supplier<T> work) {
        int hash = device.value().hashCode();
        ReentrantLock lock = stripes[(hash ^ (hash >>> 16)) & (STRIPES - 1)];
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
