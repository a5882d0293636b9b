package io.hubwire.auth;

import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Where a client gets its tokens from. It hands out the same token until it is time to renew it: at 85 % of its life, less
 * a little chance so that a fleet started together does not renew together. Thread-safe. Source: sas-auth 5.
 */
public interface TokenSource {
    /** The life of a token we sign. */
    Duration LIFETIME = Duration.ofHours(1);

    /**
     * A token and when to ask for the next.
     *
     * @param renewAt before the token's expiry; {@link Instant#MAX} when there will be no other
     */
    record Lease(SasToken token, Instant renewAt) {}

    /**
     * A token good at {@code now}: the one of the last call while its {@code renewAt} lies ahead, else a new one.
     *
     * @throws InvalidInputException when a caller's {@link Provider} gives something that is no token or has expired
     */
    Lease lease(Instant now);

    /** Forgets the token at hand, because the service refused it; the next {@link #lease} makes another if it can. */
    void invalidate();

    /** Makes tokens outside of us: a token service, a secure element. May block; called by one thread at a time. */
    @FunctionalInterface
    interface Provider {
        /** The text of a token that is good at {@code now} and, better, for a while after. */
        String token(Instant now);
    }

    /** Tokens for a device or module, signed with its own key. */
    static TokenSource ofIdentity(String hostName, Identity identity, SymmetricKey key, RandomGenerator random) {
        return ofKey(Audience.of(hostName, identity), key, null, LIFETIME, random);
    }

    /**
     * Tokens for any audience.
     *
     * @param audience unencoded; see {@link Audience}
     * @param policy the policy the key belongs to, null for the key of a device or module
     * @param lifetime of each token, one second or more
     */
    static TokenSource ofKey(
            String audience, SymmetricKey key, @Nullable String policy, Duration lifetime, RandomGenerator random) {
        if (lifetime.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("lifetime [" + lifetime + "] is shorter than a second");
        }
        return new RenewingTokenSource(now -> SasToken.sign(audience, key, now.plus(lifetime), policy), random);
    }

    /** Tokens that somebody else signs. */
    static TokenSource ofProvider(Provider provider, RandomGenerator random) {
        return new RenewingTokenSource(now -> SasToken.parse(provider.token(now)), random);
    }

    /** One ready-made token, for as long as it lasts. It is handed out even when it has expired: the service decides. */
    static TokenSource ofToken(SasToken token) {
        return new FixedTokenSource(token);
    }

    /**
     * What a connection string offers: the key of a device, module or policy, or a ready-made token. Empty with X.509,
     * which needs none.
     *
     * @param audience for a policy's key, which may open more than its owner wants: null for the identity if there is one,
     *     else the host
     */
    static Optional<TokenSource> of(ConnectionString connection, @Nullable String audience, RandomGenerator random) {
        if (connection.sasToken().isPresent()) {
            return connection.sasToken().map(TokenSource::ofToken);
        }
        String usual = connection
                .identity()
                .map(identity -> Audience.of(connection.hostName(), identity))
                .orElse(connection.hostName());
        return connection
                .key()
                .map(key -> ofKey(
                        audience == null ? usual : audience,
                        key,
                        connection.policyName().orElse(null),
                        LIFETIME,
                        random));
    }
}
