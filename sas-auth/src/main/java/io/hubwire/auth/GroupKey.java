package io.hubwire.auth;

import io.hubwire.protocol.InvalidInputException;

/**
 * Keys of devices in an enrollment group. The group's key never goes onto a device: each device gets the key derived from
 * it for its own registration id, and signs with that towards DPS and then towards the hub.
 */
public final class GroupKey {
    private GroupKey() {}

    /**
     * The key of one device: HMAC-SHA256 of the registration id's UTF-8 bytes, exactly as spelled, under the group's key.
     * Another spelling of the same id gives another key; which one the service computes is not published, so use
     * lower-case ids. Source: dps 2.5, "Symmetric key attestation".
     *
     * @param groupKey the group's primary or secondary key
     * @throws InvalidInputException when the id breaks the rule of {@link RegistrationId}
     */
    public static SymmetricKey deriveDeviceKey(SymmetricKey groupKey, String registrationId) {
        return deriveDeviceKey(groupKey, new RegistrationId(registrationId));
    }

    /** As above, for an id that is checked already. */
    public static SymmetricKey deriveDeviceKey(SymmetricKey groupKey, RegistrationId registrationId) {
        return SymmetricKey.ofBytes(groupKey.hmacSha256(registrationId.value()));
    }
}
