package io.hubwire.localhub.engine;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;

/** Hashes by which the registry knows a certificate: of its DER form, in upper-case hexadecimal. Source: sas-auth 8. */
final class Thumbprints {
    private Thumbprints() {}

    /** SHA-1 and SHA-256. */
    static List<String> of(X509Certificate certificate) {
        return List.of(hash("SHA-1", certificate), hash("SHA-256", certificate));
    }

    private static String hash(String algorithm, X509Certificate certificate) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            return HexFormat.of().withUpperCase().formatHex(digest.digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot take the " + algorithm + " of a certificate", e);
        }
    }
}
