package io.hubwire.mqtt;

import io.hubwire.auth.TokenSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows at CONNECT: tokens of one key or, when that is refused, of the next; or nothing, because its
 * certificate speaks for it in TLS. Confined to one thread at a time.
 */
final class Credentials {
    /**
     * For one connection.
     *
     * @param password null with a certificate
     * @param expiry of the token; null with a certificate
     * @param renewIn time until a planned reconnect with another token; null for never
     */
    record Proof(
            @Nullable String password,
            @Nullable Instant expiry,
            @Nullable Duration renewIn) {
        @Override
        public String toString() {
            return "Proof[expires " + expiry + "]";
        }
    }

    private static final Proof CERTIFICATE = new Proof(null, null, null);

    private final List<TokenSource> sources;
    private int present;
    private int refusalsInARow;

    /** @param sources in order of preference; empty with a certificate */
    Credentials(List<TokenSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /** For a connection that begins now. May block, when tokens come from the application. */
    Proof proof(Instant now) {
        if (sources.isEmpty()) {
            return CERTIFICATE;
        }
        TokenSource.Lease lease = sources.get(present).lease(now);
        Duration renewIn = lease.renewAt().equals(Instant.MAX) ? null : Duration.between(now, lease.renewAt());
        return new Proof(lease.token().text(), lease.token().expiry(), renewIn);
    }

    boolean usesTokens() {
        return !sources.isEmpty();
    }

    /** How many keys there are to try. */
    int count() {
        return sources.size();
    }

    /** The hub has accepted the last proof. */
    void accepted() {
        refusalsInARow = 0;
    }

    /**
     * The hub has refused the last proof. Forgets that token and goes on to the next key.
     *
     * @return whether there is one that was not refused in this round
     */
    boolean refused() {
        if (sources.isEmpty()) {
            return false;
        }
        sources.get(present).invalidate();
        present = (present + 1) % sources.size();
        refusalsInARow++;
        if (refusalsInARow < sources.size()) {
            return true;
        }
        refusalsInARow = 0;
        return false;
    }
}
