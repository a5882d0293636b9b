package io.hubwire.mqtt;

import io.hubwire.auth.TokenSource;
import io.hubwire.mqtt.link.LinkEnd;
import io.hubwire.protocol.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of a client's credentials is the present one, and what it shows of it at CONNECT. Confined to one thread at a
 * time.
 */
final class Credentials {
    /**
     * For one connection.
     *
     * @param index of the credential, from 0
     * @param password null with a certificate
     * @param expiry of the token; null with a certificate
     * @param certificateEnd of the certificate; null with a token
     * @param renewIn time until a planned reconnect with another token; null for never
     */
    record Proof(
            int index,
            @Nullable String password,
            @Nullable Instant expiry,
            @Nullable Instant certificateEnd,
            @Nullable Duration renewIn) {
        @Override
        public String toString() {
            return "Proof[" + index + ", expires " + expiry + "]";
        }
    }

    private final List<TokenSource> tokens;
    private final List<Instant> certificateEnds;
    private final int count;
    private volatile int present;
    private int refusalsInARow;

    private Credentials(List<TokenSource> tokens, List<Instant> certificateEnds) {
        this.tokens = tokens;
        this.certificateEnds = certificateEnds;
        this.count = tokens.size() + certificateEnds.size();
    }

    static Credentials of(ClientCredentials given) {
        if (given instanceof ClientCredentials.Tokens t) {
            return new Credentials(t.sources(), List.of());
        }
        return new Credentials(
                List.of(),
                ((ClientCredentials.Certificates) given)
                        .identities().stream()
                                .map(i -> i.certificate().getNotAfter().toInstant())
                                .toList());
    }

    /** For a connection that begins now. May block, when tokens come from the application. */
    Proof proof(Instant now) {
        int index = present;
        if (tokens.isEmpty()) {
            return new Proof(index, null, null, certificateEnds.get(index), null); // the certificate speaks in TLS
        }
        TokenSource.Lease lease = tokens.get(index).lease(now);
        Duration renewIn = lease.renewAt().equals(Instant.MAX) ? null : Duration.between(now, lease.renewAt());
        return new Proof(index, lease.token().text(), lease.token().expiry(), null, renewIn);
    }

    /** Index of the present credential, from 0; from any thread. */
    int present() {
        return present;
    }

    /** The hub has accepted the last proof. */
    void accepted() {
        refusalsInARow = 0;
    }

    /** Whether this end of a link may be the fault of the last proof. */
    boolean blames(LinkEnd end) {
        boolean certificates = tokens.isEmpty();
        return end instanceof LinkEnd.Refused
                || (certificates
                        && end instanceof LinkEnd.Broken broken
                        && broken.cause().code() == ErrorCode.TLS_FAILED);
    }

    /**
     * The hub has refused the last proof. Forgets its token and goes on to the next credential.
     *
     * @return whether there is one that was not refused in this round
     */
    boolean refused() {
        if (!tokens.isEmpty()) {
            tokens.get(present).invalidate();
        }
        present = (present + 1) % count;
        refusalsInARow++;
        if (refusalsInARow < count) {
            return true;
        }
        refusalsInARow = 0;
        return false;
    }
}
