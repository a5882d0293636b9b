package io.hubwire.localhub.engine;

import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;

/**
 * Authorities whose certificates let devices in: the hub's, for identities of type {@code certificateAuthority}, and those
 * that {@code caReferences} of an enrollment name. A real hub and a real DPS keep one list each and want proof that the
 * uploader has the key; here it is one list, and what is in it counts as verified. Sources: sas-auth 8, dps 6.1.
 */
public interface CertificateAuthorities {
    /**
     * Adds an authority, or replaces the one of that name.
     *
     * @param name by which {@code caReferences} speak of it; case counts
     * @throws io.hubwire.protocol.InvalidInputException when the name is empty, or the certificate cannot be encoded or is
     *     no authority's (basic constraints)
     */
    void put(String name, X509Certificate certificate);

    /** Devices that come by it are turned away from now on; their connections stay. @return whether there was one */
    boolean remove(String name);

    Optional<X509Certificate> find(String name);

    /** All of them by name. */
    Map<String, X509Certificate> all();
}
