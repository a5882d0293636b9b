package io.hubwire.service;

import io.hubwire.https.HttpsClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** Pauses with full jitter between attempts that compete with each other. */
final class Pauses {
    private static final Duration FIRST = Duration.ofMillis(20);
    private static final int DOUBLINGS = 6; // up to 1.28 s

    private final HttpsClient https;
    private final RandomGenerator random;

    Pauses(HttpsClient https, RandomGenerator random) {
        this.https = https;
        this.random = random;
    }

    /** @param failures how many attempts have failed, from 1 */
    CompletableFuture<Void> after(int failures) {
        long ceiling = FIRST.toNanos() << Math.min(failures - 1, DOUBLINGS);
        return https.pause(Duration.ofNanos((long) (ceiling * random.nextDouble())));
    }
}
