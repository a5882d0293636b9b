package io.hubwire.dps;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TokenSource;
import io.hubwire.https.HttpsOptions;
import io.hubwire.protocol.InvalidInputException;
import java.security.SecureRandom;
import java.util.function.Consumer;

/**
 * Which DPS an {@link EnrollmentClient} manages, by which right, and how to reach it. Immutable.
 *
 * <pre>{@code
 * EnrollmentOptions.of(ConnectionString.parse(text)).build();
 * EnrollmentOptions.of(ConnectionString.parse(text))
 *         .https(h -> h.port(8443).trust(TlsTrust.pem(caFile)))
 *         .build(); // a local hub
 * }</pre>
 *
 * @param https DPS's host, and how to reach it
 * @param tokens asked on the calling thread, before each call
 * @param apiVersion sent with every call, as it is; a date such as {@code 2021-04-12}
 */
public record EnrollmentOptions(HttpsOptions https, TokenSource tokens, String apiVersion) {
    /** The version of the service API that we speak. */
    public static final String API_VERSION = "2021-10-01";

    /**
     * With the policy of a connection string, {@code HostName=…;SharedAccessKeyName=…;SharedAccessKey=…}.
     *
     * @throws InvalidInputException when it is a device's or module's
     */
    public static Builder of(ConnectionString policy) {
        if (policy.identity().isPresent()) {
            throw new InvalidInputException(
                    "the connection string of identity [" + policy.identity().get()
                            + "] does not manage enrollments; use DPS's own, such as that of policy provisioningserviceowner");
        }
        TokenSource tokens = TokenSource.of(policy, null, new SecureRandom())
                .orElseThrow(() -> new InvalidInputException(
                        "the connection string for [" + policy.hostName() + "] has no key and no token"));
        return new Builder(policy.hostName(), tokens);
    }

    /**
     * With tokens from elsewhere.
     *
     * @param hostName for example {@code contoso-dps.azure-devices-provisioning.net}
     * @param tokens asked on the calling thread, before each call
     */
    public static Builder of(String hostName, TokenSource tokens) {
        return new Builder(hostName, tokens);
    }

    /** Where to and in which version; no token. */
    @Override
    public String toString() {
        return "EnrollmentOptions[" + https + ", api-version " + apiVersion + "]";
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private final HttpsOptions.Builder https;
        private final TokenSource tokens;
        private String apiVersion = API_VERSION;

        private Builder(String hostName, TokenSource tokens) {
            this.https = HttpsOptions.to(hostName);
            this.tokens = tokens;
        }

        /** Default {@value EnrollmentOptions#API_VERSION}. */
        public Builder apiVersion(String value) {
            this.apiVersion = value;
            return this;
        }

        /** Port, roots, proxy, deadline, repetition, trace: whatever {@link HttpsOptions.Builder} offers. */
        public Builder https(Consumer<HttpsOptions.Builder> change) {
            change.accept(https);
            return this;
        }

        public EnrollmentOptions build() {
            return new EnrollmentOptions(https.build(), tokens, apiVersion);
        }
    }
}
