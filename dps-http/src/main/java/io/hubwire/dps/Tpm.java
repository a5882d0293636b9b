package io.hubwire.dps;

/**
 * A trusted platform module as far as provisioning needs it. Calls may take a second; each is made by one thread at a
 * time. Implementations throw any {@link RuntimeException} when the chip refuses; it ends the registration. Source: dps 2.7.
 */
public interface Tpm {
    /** The endorsement key's public area. */
    byte[] endorsementKey();

    /** The storage root key's public area. */
    byte[] storageRootKey();

    /**
     * Takes a key that was encrypted for this chip ({@code ActivateCredential}). From then on {@link #sign} uses it.
     *
     * @param encryptedKey as DPS sent it, base64 decoded
     */
    void activate(byte[] encryptedKey);

    /** HMAC-SHA256 of {@code data} under the key activated last: 32 bytes. */
    byte[] sign(byte[] data);
}
