package io.hubwire.service;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TokenSource;
import io.hubwire.https.HttpsOptions;
import io.hubwire.protocol.InvalidInputException;
import java.security.SecureRandom;
import java.util.function.Consumer;

/**
 * Which hub, by which right, and how to reach it. Immutable.
 *
 * <pre>{@code
 * ServiceOptions.of(ConnectionString.parse(text)).build();
 * ServiceOptions.of(ConnectionString.parse(text))
 *         .https(h -> h.port(8443).trust(TlsTrust.pem(caFile)))
 *         .build(); // a local hub
 * }</pre>
 *
 * @param https the hub, and how to reach it
 * @param tokens asked on the calling thread, before each call
 * @param apiVersion sent with every call, as it is; a date such as {@code 2021-04-12}
 */
public record ServiceOptions(HttpsOptions https, TokenSource tokens, String apiVersion) {
    /** The newest version whose description is public. Source: service-rest 1.4. */
    public static final String DEFAULT_API_VERSION = "2021-04-12";

    /** The oldest that regenerates keys. Source: service-rest 2.5. */
    static final String KEY_REGENERATION = "2024-03-31";

    /**
     * With the policy of a connection string, {@code HostName=…;SharedAccessKeyName=…;SharedAccessKey=…}.
     *
     * @throws InvalidInputException when it is a device's or module's, which has no right to anything here
     */
    public static Builder of(ConnectionString policy) {
        if (policy.identity().isPresent()) {
            throw new InvalidInputException(
                    "the connection string of identity [" + policy.identity().get()
                            + "] opens no back-end call; use one with SharedAccessKeyName, such as that of policy service");
        }
        TokenSource tokens = TokenSource.of(policy, policy.hostName(), new SecureRandom())
                .orElseThrow(() -> new InvalidInputException(
                        "the connection string for [" + policy.hostName() + "] has no key and no token"));
        return new Builder(policy.hostName(), tokens);
    }

    /**
     * With tokens from elsewhere.
     *
     * @param hostName the hub's full name, for example {@code contoso.azure-devices.net}
     * @param tokens asked on the calling thread, before each call
     */
    public static Builder of(String hostName, TokenSource tokens) {
        return new Builder(hostName, tokens);
    }

    /** Where to and in which version; no token. */
    @Override
    public String toString() {
        return "ServiceOptions[" + https + ", api-version " + apiVersion + "]";
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private final HttpsOptions.Builder https;
        private final TokenSource tokens;
        private String apiVersion = DEFAULT_API_VERSION;

        private Builder(String hostName, TokenSource tokens) {
            this.https = HttpsOptions.to(hostName);
            this.tokens = tokens;
        }

        /** Default {@value ServiceOptions#DEFAULT_API_VERSION}; sent as it is, the service judges it. */
        public Builder apiVersion(String value) {
            this.apiVersion = value;
            return this;
        }

        /** Port, roots, proxy, deadline, repetition, trace: whatever {@link HttpsOptions.Builder} offers. */
        public Builder https(Consumer<HttpsOptions.Builder> change) {
            change.accept(https);
            return this;
        }

        public ServiceOptions build() {
            return new ServiceOptions(https.build(), tokens, apiVersion);
        }
    }
}
