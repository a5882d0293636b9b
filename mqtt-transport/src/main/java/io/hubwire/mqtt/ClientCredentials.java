package io.hubwire.mqtt;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TokenSource;
import io.hubwire.auth.X509Identity;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * How a client proves who it is: tokens, or certificates. Of either there may be several, as a registry holds a primary and
 * a secondary: when the hub refuses one, the next is tried at once, and the one that it accepts stays in use.
 */
public sealed interface ClientCredentials {
    /** Tokens, in order of preference; not empty. */
    record Tokens(List<TokenSource> sources) implements ClientCredentials {
        public Tokens {
            sources = List.copyOf(requireSome(sources));
        }
    }

    /** Client certificates with their keys, in order of preference; not empty. */
    record Certificates(List<X509Identity> identities) implements ClientCredentials {
        public Certificates {
            identities = List.copyOf(requireSome(identities));
        }
    }

    private static <T> List<T> requireSome(List<T> list) {
        if (list.isEmpty()) {
            throw new IllegalArgumentException("at least one credential is needed");
        }
        return list;
    }

    /**
     * The key or token of a connection string.
     *
     * @throws InvalidInputException when its credential is a certificate, which is not in it
     */
    static ClientCredentials of(ConnectionString connection) {
        return new Tokens(List.of(TokenSource.of(connection, null, new SecureRandom())
                .orElseThrow(() -> new InvalidInputException("connection string [" + connection
                        + "] says x509=true; hand over the certificate as well, as ClientCredentials.certificates"))));
    }

    /** Keys of the device or module itself, the primary one first. */
    static ClientCredentials keys(HubAddress address, Identity identity, SymmetricKey... keys) {
        return new Tokens(Arrays.stream(keys)
                .map(key -> TokenSource.ofIdentity(address.hostName(), identity, key, new SecureRandom()))
                .toList());
    }

    /** Tokens from anywhere; see {@link TokenSource#ofProvider}. */
    static ClientCredentials tokens(TokenSource... sources) {
        return new Tokens(List.of(sources));
    }

    /** Certificates with their keys, the primary one first. */
    static ClientCredentials certificates(X509Identity... identities) {
        return new Certificates(List.of(identities));
    }
}
