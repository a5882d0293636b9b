package io.hubwire.dps;

import io.hubwire.auth.RegistrationId;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.X509Identity;
import io.hubwire.protocol.InvalidInputException;

/** How a device proves to DPS that it is the one enrolled. Source: dps 2.5 to 2.7. */
public sealed interface Attestation {
    /** The name the device registers under. */
    RegistrationId registrationId();

    /**
     * The key of an individual enrollment, or one derived from a group's key.
     *
     * @param key the device's own; never a group's
     */
    record DeviceKey(RegistrationId registrationId, SymmetricKey key) implements Attestation {}

    /** A client certificate whose subject's common name is the registration id. */
    record Certificate(RegistrationId registrationId, X509Identity identity) implements Attestation {}

    /** A chip. Only individual enrollments know them. */
    record TpmChip(RegistrationId registrationId, Tpm tpm) implements Attestation {}

    /** @throws InvalidInputException when the id breaks the rule of {@link RegistrationId} */
    static Attestation ofKey(String registrationId, SymmetricKey deviceKey) {
        return new DeviceKey(new RegistrationId(registrationId), deviceKey);
    }

    /**
     * Derives the device's key from its group's. For factories and tools: a group's key should never be on a device.
     *
     * @param registrationId in lower case: another spelling gives another key, and which one DPS expects is not published;
     *     an upper-case letter is logged as a warning
     * @throws InvalidInputException when the id breaks the rule of {@link RegistrationId}
     */
    static Attestation ofGroupKey(String registrationId, SymmetricKey groupKey) {
        return GroupMember.derive(new RegistrationId(registrationId), groupKey);
    }

    /**
     * Registers under the certificate's common name.
     *
     * @throws InvalidInputException when there is none, or it breaks the rule of {@link RegistrationId}
     */
    static Attestation ofCertificate(X509Identity identity) {
        String name = identity.commonName()
                .orElseThrow(() -> new InvalidInputException(
                        "certificate [" + identity.certificate().getSubjectX500Principal()
                                + "] has no common name; it must be the registration id"));
        return new Certificate(new RegistrationId(name), identity);
    }

    /** @throws InvalidInputException when the id breaks the rule of {@link RegistrationId} */
    static Attestation ofTpm(String registrationId, Tpm tpm) {
        return new TpmChip(new RegistrationId(registrationId), tpm);
    }

    /** Registers under the name that follows from the chip's endorsement key, as the SDKs do. */
    static Attestation ofTpm(Tpm tpm) {
        return new TpmChip(RegistrationId.ofTpm(tpm.endorsementKey()), tpm);
    }
}
