package io.hubwire.auth;

import io.hubwire.protocol.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A client certificate with its private key: how a device proves who it is without a token. Immutable; safe for any
 * thread; the key never shows. Source: sas-auth 8 and 10.
 */
public final class X509Identity {
    private static final byte[] PROBE = "does this key belong to that certificate?".getBytes(StandardCharsets.UTF_8);

    private final List<X509Certificate> chain;
    private final PrivateKey key;

    private X509Identity(List<X509Certificate> chain, PrivateKey key) {
        this.chain = List.copyOf(chain);
        this.key = key;
    }

    /**
     * Reads certificate and key from one PEM file.
     *
     * @param passphrase of the key; null when it is not encrypted. Not kept, not cleared
     * @throws InvalidInputException as {@link #pem(Path, Path, char[])} does
     */
    public static X509Identity pem(Path certificateAndKey, char @Nullable [] passphrase) {
        PemFile file = PemFile.read(certificateAndKey);
        return of(file.name(), file.certificates(), PrivateKeys.only(file, passphrase));
    }

    /**
     * Reads certificate and key from two PEM files.
     *
     * @param certificates the device's own certificate first, then its issuers in order, as far as the service needs them:
     *     none for a thumbprint, up to a verified one for a CA
     * @param key PKCS#8, PKCS#1 or SEC1, plain or encrypted, of RSA, an elliptic curve or Ed25519
     * @param passphrase of the key; null when it is not encrypted. Not kept, not cleared
     * @throws InvalidInputException when a file cannot be read, a block is missing or damaged, the passphrase is wrong, the
     *     chain has a gap or the key belongs to another certificate; the text names file and block, never key material
     */
    public static X509Identity pem(Path certificates, Path key, char @Nullable [] passphrase) {
        PemFile certificateFile = PemFile.read(certificates);
        return of(
                certificateFile.name(),
                certificateFile.certificates(),
                PrivateKeys.only(PemFile.read(key), passphrase));
    }

    /**
     * From what is loaded already.
     *
     * @param chain the device's own certificate first, then its issuers in order
     * @throws InvalidInputException when the chain is empty or has a gap, or the key belongs to another certificate
     */
    public static X509Identity of(List<X509Certificate> chain, PrivateKey key) {
        return of("given", chain, key);
    }

    private static X509Identity of(String name, List<X509Certificate> chain, PrivateKey key) {
        if (chain.isEmpty()) {
            throw new InvalidInputException("certificate chain [" + name + "] is empty");
        }
        for (int i = 0; i < chain.size(); i++) {
            boolean fits = fits(key, chain.get(i));
            if (i == 0 && fits) {
                break;
            }
            if (fits) {
                throw new InvalidInputException(
                        "certificate chain [" + name + "]: the key belongs to certificate number " + (i + 1)
                                + "; the device's own certificate must be the first");
            }
            if (i == chain.size() - 1) {
                throw new InvalidInputException("certificate chain [" + name
                        + "]: the private key belongs to none of the " + chain.size() + " certificates");
            }
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new InvalidInputException("certificate chain [" + name + "]: certificate number " + (i + 1) + " ["
                        + chain.get(i).getSubjectX500Principal() + "] did not issue the one before it; its issuer is ["
                        + chain.get(i - 1).getIssuerX500Principal() + "]");
            }
        }
        return new X509Identity(chain, key);
    }

    /** The device's own certificate, then its issuers. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** The device's own certificate. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /**
     * The common name of the certificate's subject: the device id, {@code deviceId/moduleId} or the registration id when a
     * CA vouches for it. Empty when the subject has none.
     */
    public Optional<String> commonName() {
        return commonName(certificate());
    }

    /** As above, of any certificate. */
    public static Optional<String> commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> String.valueOf(rdn.getValue()))
                            .reduce((first, last) -> last); // LdapName counts from the right
        } catch (InvalidNameException odd) {
            return Optional.empty();
        }
    }

    /** SHA-256 of the certificate in 64 upper-case hexadecimal digits, as a registry takes it. */
    public String thumbprint() {
        return thumbprint(certificate(), "SHA-256");
    }

    /**
     * The thumbprint of any certificate.
     *
     * @param digest {@code SHA-256} (64 digits) or {@code SHA-1} (40 digits)
     */
    public static String thumbprint(X509Certificate certificate, String digest) {
        try {
            byte[] hash = MessageDigest.getInstance(digest).digest(certificate.getEncoded());
            return HexFormat.of().formatHex(hash).toUpperCase(Locale.ROOT);
        } catch (CertificateEncodingException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this JDK cannot compute " + digest + " of a certificate", impossible);
        }
    }

    /** Offers this certificate to every server that asks, whichever issuers it names: the hub knows thumbprints too. */
    public X509ExtendedKeyManager keyManager() {
        return new OneKeyManager(chain, key);
    }

    /** Subject and SHA-256 thumbprint. */
    @Override
    public String toString() {
        return "X509Identity[" + certificate().getSubjectX500Principal() + ", " + thumbprint() + "]";
    }

    private static boolean fits(PrivateKey key, X509Certificate certificate) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(PROBE);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certificate.getPublicKey());
            verifying.update(PROBE);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException otherKind) { // an RSA key and an EC certificate, say
            return false;
        }
    }
}
