package io.hubwire.localhub.engine;

import io.hubwire.auth.SymmetricKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** What the hub makes up: keys, etags, generation ids, lock tokens. Thread-safe if its source is, as SecureRandom is. */
final class Ids {
    private static final int KEY_BYTES = 32;
    /** From year 1 to 1970 in units of 100 ns: generation ids count as the service's clock does. */
    private static final long TICKS_TO_1970 = 621_355_968_000_000_000L;

    private final Clock clock;
    private final RandomGenerator random;
    private final AtomicLong lastGeneration = new AtomicLong();

    Ids(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** A key of 32 bytes, as the hub makes them. */
    SymmetricKey hubKey() {
        return key(KEY_BYTES);
    }

    /**
     * A key of so many bytes.
     *
     * @param bytes 16 to 64
     */
    SymmetricKey key(int bytes) {
        byte[] key = new byte[bytes];
        random.nextBytes(key);
        return SymmetricKey.ofBytes(key);
    }

    /** Eighteen digits, never the same twice. */
    String generationId() {
        long ticks = clock.millis() * 10_000 + TICKS_TO_1970;
        return Long.toString(lastGeneration.updateAndGet(last -> Math.max(last + 1, ticks)));
    }

    /** An identity's etag: base64 of nine digits, as seen on the service; not the one it replaces. */
    String identityEtag(String replaced) {
        String etag;
        do {
            String digits = Integer.toString(random.nextInt(100_000_000, 1_000_000_000));
            etag = Base64.getEncoder().encodeToString(digits.getBytes(StandardCharsets.US_ASCII));
        } while (etag.equals(replaced));
        return etag;
    }

    /** A random UUID: names a lock, a delivery, an operation. */
    String uuid() {
        long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    /** Sixteen hexadecimal digits. */
    String hex16() {
        return String.format("%016x", random.nextLong());
    }
}
