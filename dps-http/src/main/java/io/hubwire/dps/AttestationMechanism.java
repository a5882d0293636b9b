package io.hubwire.dps;

import io.hubwire.auth.SymmetricKey;
import org.jspecify.annotations.Nullable;

/** What an enrollment expects a device to prove itself with: the back end's side of {@link Attestation}. Source: dps 6.1. */
public sealed interface AttestationMechanism {
    /**
     * Keys: of the device in an individual enrollment, to derive from in a group. A plain read of an enrollment does not
     * tell them; see {@link Enrollments#attestation}.
     *
     * @param primary null when the service is to make it, or does not tell it
     * @param secondary as above
     */
    record SymmetricKeys(
            @Nullable SymmetricKey primary, @Nullable SymmetricKey secondary) implements AttestationMechanism {}

    /**
     * A chip. Individual enrollments only.
     *
     * @param endorsementKey base64 of its public area
     * @param storageRootKey base64 of its public area, or null
     */
    record TpmKeys(String endorsementKey, @Nullable String storageRootKey) implements AttestationMechanism {}

    /**
     * The devices' own certificates. Individual enrollments only.
     *
     * @param primary PEM text or base64 of DER; empty when only a summary came back
     * @param secondary as above, or null
     */
    record ClientCertificates(String primary, @Nullable String secondary) implements AttestationMechanism {}

    /**
     * The certificate that signed the devices'. Groups only.
     *
     * @param primary PEM text or base64 of DER; empty when only a summary came back
     * @param secondary as above, or null
     */
    record SigningCertificates(String primary, @Nullable String secondary) implements AttestationMechanism {}

    /**
     * Verified certificate authorities of the DPS instance, by name.
     *
     * @param secondary may be null
     */
    record CaReferences(String primary, @Nullable String secondary) implements AttestationMechanism {}

    /**
     * One this version does not know; kept, so that it can be written back.
     *
     * @param json the whole object
     */
    record Other(String json) implements AttestationMechanism {
        @Override
        public String toString() {
            return "Other[…]"; // who knows what is secret in it
        }
    }

    /** Keys that the service makes. */
    static AttestationMechanism generatedKeys() {
        return new SymmetricKeys(null, null);
    }
}
