package io.hubwire.dps;

import io.hubwire.https.HttpsOptions;
import io.hubwire.protocol.InvalidInputException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which DPS a {@link ProvisioningClient} asks and as whom. Immutable. ID scope and attestation are required:
 *
 * <pre>{@code
 * ProvisioningOptions.of("0ne00111111", Attestation.ofKey("thermostat-7", key)).build();
 * ProvisioningOptions.of(scope, attestation).https(HttpsOptions.to("localhost").port(8443).trust(trust).build()).build();
 * }</pre>
 */
public final class ProvisioningOptions {
    /** Where the global cloud's DPS listens for devices; sovereign clouds have hosts of their own. */
    public static final String GLOBAL_HOST = "global.azure-devices-provisioning.net";
    /** The version of the device API that we speak. */
    public static final String API_VERSION = "2021-06-01";

    private final String idScope;
    private final Attestation attestation;
    private final HttpsOptions https;
    private final Duration limit;
    private final String apiVersion;
    private final byte @Nullable [] certificateRequest;

    private ProvisioningOptions(Builder b) {
        this.idScope = b.idScope;
        this.attestation = b.attestation;
        this.https = b.https;
        this.limit = b.limit;
        this.apiVersion = b.apiVersion;
        this.certificateRequest = b.certificateRequest;
    }

    /**
     * Starts options.
     *
     * @param idScope which DPS instance, for example {@code 0ne00111111}
     * @throws InvalidInputException when the scope is not of ASCII letters and digits
     */
    public static Builder of(String idScope, Attestation attestation) {
        return new Builder(idScope, attestation);
    }

    public String idScope() {
        return idScope;
    }

    public Attestation attestation() {
        return attestation;
    }

    public HttpsOptions https() {
        return https;
    }

    public Duration limit() {
        return limit;
    }

    public String apiVersion() {
        return apiVersion;
    }

    public Optional<byte[]> certificateRequest() {
        return Optional.ofNullable(certificateRequest).map(byte[]::clone);
    }

    /** Scope, registration id and host. */
    @Override
    public String toString() {
        return "ProvisioningOptions[" + attestation.registrationId() + " in " + idScope + " at " + https.hostName()
                + "]";
    }

    /** Collects options. Not thread-safe. */
    public static final class Builder {
        private final String idScope;
        private final Attestation attestation;
        private HttpsOptions https = HttpsOptions.to(GLOBAL_HOST).build();
        private Duration limit = Duration.ofMinutes(5);
        private String apiVersion = API_VERSION;
        private byte @Nullable [] certificateRequest;

        private Builder(String idScope, Attestation attestation) {
            boolean legal =
                    !idScope.isEmpty() && idScope.chars().allMatch(c -> c < 0x80 && Character.isLetterOrDigit(c));
            if (!legal) {
                throw new InvalidInputException(
                        "ID scope [" + idScope + "] must have one or more ASCII letters and digits, and nothing else");
            }
            this.idScope = idScope;
            this.attestation = attestation;
        }

        /**
         * Host, port, trust, time-outs and trace; default {@link #GLOBAL_HOST}. A certificate to show is taken from the
         * attestation, and repetition is the registration's own business: those two options are set over.
         */
        public Builder https(HttpsOptions value) {
            this.https = value;
            return this;
        }

        /** How long a registration may take, all waits and repetitions included; above zero, default 5 minutes. */
        public Builder limit(Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException("limit [" + value + "] must be above zero");
            }
            this.limit = value;
            return this;
        }

        /** Default {@link #API_VERSION}; certificate requests need {@code 2025-07-01-preview}. */
        public Builder apiVersion(String value) {
            this.apiVersion = value;
            return this;
        }

        /** DER of a PKCS#10 whose common name is the registration id: asks for a certificate to use at the hub. */
        public Builder certificateRequest(byte[] der) {
            this.certificateRequest = der.clone();
            return this;
        }

        public ProvisioningOptions build() {
            return new ProvisioningOptions(this);
        }
    }
}
