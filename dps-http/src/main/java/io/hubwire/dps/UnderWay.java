package io.hubwire.dps;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The call or timer that a run waits for, which is given up when the run has ended, whatever ended it. Thread-safe. */
final class UnderWay {
    private final CompletableFuture<?> result;
    private volatile @Nullable Runnable release;

    /** @param result of the run */
    UnderWay(CompletableFuture<?> result) {
        this.result = result;
    }

    /** Something new is waited for. @param releasing gives it up; harmless when it is over */
    void set(Runnable releasing) {
        release = releasing;
        if (result.isDone()) {
            release(); // ended between starting it and noting it down
        }
    }

    /** Gives up what is waited for, if anything. */
    void release() {
        Runnable current = release;
        if (current != null) {
            current.run();
        }
    }
}
