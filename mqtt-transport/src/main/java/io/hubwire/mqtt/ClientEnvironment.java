package io.hubwire.mqtt;

import io.hubwire.protocol.time.Timer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a client takes from the world, so that tests can give it another. All parts are safe for any thread.
 *
 * @param clock tells the date, for tokens and message expiry; may jump
 * @param nanoTime tells how much time has passed, in nanoseconds from any origin; never jumps
 * @param timer waits
 * @param random for jitter
 */
public record ClientEnvironment(Clock clock, LongSupplier nanoTime, Timer timer, RandomGenerator random) {
    /** The real world. */
    public static ClientEnvironment system() {
        return new ClientEnvironment(Clock.systemUTC(), System::nanoTime, new DelayTimer(), new SecureRandom());
    }
}
