package io.hubwire.auth;

import io.hubwire.protocol.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Keeps one token and replaces it at 80 to 85 % of the life it had left when it came. */
final class RenewingTokenSource implements TokenSource {
    private static final double RENEW_AT = 0.85;
    private static final double ADVANCE = 0.05;

    private final Function<Instant, SasToken> maker;
    private final RandomGenerator random;
    private @Nullable Lease lease;

    RenewingTokenSource(Function<Instant, SasToken> maker, RandomGenerator random) {
        this.maker = maker;
        this.random = random;
    }

    @Override
    public synchronized Lease lease(Instant now) {
        Lease current = lease;
        if (current == null || !now.isBefore(current.renewAt())) {
            current = renewed(now);
            lease = current;
        }
        return current;
    }

    @Override
    public synchronized void invalidate() {
        lease = null;
    }

    private Lease renewed(Instant now) {
        SasToken token = maker.apply(now);
        Duration left = Duration.between(now, token.expiry());
        if (left.isNegative() || left.isZero()) {
            throw new InvalidInputException(
                    "the token provider's token expired at " + token.expiry() + ", " + -left.toSeconds() + " s ago");
        }
        double share = RENEW_AT - ADVANCE * random.nextDouble();
        return new Lease(token, now.plusMillis((long) (left.toMillis() * share)));
    }

    @Override
    public String toString() {
        return "TokenSource[renewing]";
    }
}
