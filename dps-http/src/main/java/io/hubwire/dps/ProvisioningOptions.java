package io.hubwire.dps;

import io.hubwire.https.HttpsOptions;
import io.hubwire.protocol.InvalidInputException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which DPS a {@link ProvisioningClient} asks and as whom. Immutable. ID scope and attestation are required:
 *
 * <pre>{@code
 * ProvisioningOptions.of("0ne00111111", Attestation.ofKey("thermostat-7", key)).build();
 * ProvisioningOptions.of(scope, attestation)
 *         .host("localhost")
 *         .https(h -> h.port(8443).trust(TlsTrust.pem(caFile)))
 *         .build(); // a local hub
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
    private final @Nullable Path assignmentFile;
    private final Duration hubPatience;
    private final Duration connectLimit;

    private ProvisioningOptions(Builder b) {
        this.idScope = b.idScope;
        this.attestation = b.attestation;
        HttpsOptions.Builder to = HttpsOptions.to(b.host);
        b.https.accept(to);
        this.https = to.build();
        this.limit = b.limit;
        this.apiVersion = b.apiVersion;
        this.certificateRequest = b.certificateRequest;
        this.assignmentFile = b.assignmentFile;
        this.hubPatience = b.hubPatience;
        this.connectLimit = b.connectLimit;
    }

    private ProvisioningOptions(ProvisioningOptions like, Attestation attestation) {
        this.idScope = like.idScope;
        this.attestation = attestation;
        this.https = like.https;
        this.limit = like.limit;
        this.apiVersion = like.apiVersion;
        this.certificateRequest = null;
        this.assignmentFile = null;
        this.hubPatience = like.hubPatience;
        this.connectLimit = like.connectLimit;
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

    /** The host, and how to reach it. */
    public HttpsOptions https() {
        return https;
    }

    /** How long a registration may take, all waits and repetitions included; above zero. */
    public Duration limit() {
        return limit;
    }

    public String apiVersion() {
        return apiVersion;
    }

    /** A copy of the DER of a PKCS#10; empty when no certificate is asked for. */
    public Optional<byte[]> certificateRequest() {
        return Optional.ofNullable(certificateRequest).map(byte[]::clone);
    }

    /** Where the assignment is kept between starts; empty for nowhere. */
    public Optional<Path> assignmentFile() {
        return Optional.ofNullable(assignmentFile);
    }

    /** How long a hub that cannot be reached is tried before DPS is asked for another; above zero. */
    public Duration hubPatience() {
        return hubPatience;
    }

    /** How long {@link ProvisioningClient#provisionAndConnect} may take in all; above zero. */
    public Duration connectLimit() {
        return connectLimit;
    }

    /** The same for another device: same DPS, no assignment file and no certificate request, which belong to one device. */
    ProvisioningOptions withAttestation(Attestation other) {
        return new ProvisioningOptions(this, other);
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
        private String host = GLOBAL_HOST;
        private Consumer<HttpsOptions.Builder> https = untouched -> {};
        private Duration limit = Duration.ofMinutes(5);
        private String apiVersion = API_VERSION;
        private byte @Nullable [] certificateRequest;
        private @Nullable Path assignmentFile;
        private Duration hubPatience = Duration.ofMinutes(15);
        private Duration connectLimit = Duration.ofMinutes(30);

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

        /** Where DPS listens; default {@link #GLOBAL_HOST}. Sovereign clouds and private endpoints have hosts of their own. */
        public Builder host(String value) {
            this.host = value;
            return this;
        }

        /**
         * Port, roots, proxy, time-outs, trace: whatever {@link HttpsOptions.Builder} offers, but that the certificate to
         * show comes from the attestation, and that what to repeat is the registration's own business.
         */
        public Builder https(Consumer<HttpsOptions.Builder> change) {
            this.https = https.andThen(change);
            return this;
        }

        /** How long a registration may take, all waits and repetitions included; above zero, default 5 minutes. */
        public Builder limit(Duration value) {
            this.limit = positive("limit", value);
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

        /**
         * Where {@link ProvisioningClient#provisionAndConnect} keeps the assignment between starts; default nowhere. A small
         * JSON object without secrets: version, idScope, registrationId, assignedHub, deviceId, registeredAt.
         */
        public Builder assignmentFile(Path value) {
            this.assignmentFile = value;
            return this;
        }

        /**
         * How long {@link ProvisioningClient#provisionAndConnect} tries a hub that cannot be reached before it asks DPS for
         * another; above zero, default 15 minutes.
         */
        public Builder hubPatience(Duration value) {
            this.hubPatience = positive("hub patience", value);
            return this;
        }

        /** How long {@link ProvisioningClient#provisionAndConnect} may take in all; above zero, default 30 minutes. */
        public Builder connectLimit(Duration value) {
            this.connectLimit = positive("connect limit", value);
            return this;
        }

        private static Duration positive(String name, Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException(name + " [" + value + "] must be above zero");
            }
            return value;
        }

        public ProvisioningOptions build() {
            return new ProvisioningOptions(this);
        }
    }
}
