package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** Certificates in enrollments and in handshakes. Source: dps 2.6 and 6.1. */
final class Certificates {
    private static final String PEM_START = "-----BEGIN";

    private Certificates() {}

    /**
     * Reads a certificate however clients write it: PEM, base64 of DER, or base64 of the whole PEM text, as the C client
     * was seen to.
     *
     * @throws CertificateException when it is none of these
     */
    static X509Certificate read(String text) throws CertificateException {
        byte[] bytes;
        if (text.contains(PEM_START)) {
            bytes = text.getBytes(StandardCharsets.US_ASCII);
        } else {
            try {
                bytes = Base64.getMimeDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                throw new CertificateException("neither PEM nor base64", e);
            }
        }
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    static String base64Der(X509Certificate certificate) throws CertificateException {
        return Base64.getEncoder().encodeToString(certificate.getEncoded());
    }

    /** Common name of the subject. */
    static Optional<String> commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> rdn.getValue().toString())
                            .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    static boolean isValidAt(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    /** Whether the issuer's key signed it, under the issuer's name. */
    static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether its basic constraints let it issue certificates. */
    static boolean isAuthority(X509Certificate certificate) {
        return certificate.getBasicConstraints() >= 0;
    }

    /**
     * The nearest of the anchors above a leaf. Every certificate on the way must be an authority's, in its time, and have
     * signed the one before; so must the anchor. Revocation lists are not asked, as by a real hub.
     *
     * @param chain leaf first
     */
    static Optional<X509Certificate> anchorOf(
            List<X509Certificate> chain, Collection<X509Certificate> anchors, Instant now) {
        for (int i = 0; i < chain.size(); i++) {
            X509Certificate certificate = chain.get(i);
            boolean linked = i == 0 || (mayIssue(certificate, now) && isIssuedBy(chain.get(i - 1), certificate));
            if (!linked) {
                return Optional.empty();
            }
            Optional<X509Certificate> anchor = anchors.stream()
                    .filter(a -> mayIssue(a, now) && isIssuedBy(certificate, a))
                    .findFirst();
            if (anchor.isPresent()) {
                return anchor;
            }
        }
        return Optional.empty();
    }

    private static boolean mayIssue(X509Certificate certificate, Instant now) {
        return isAuthority(certificate) && isValidAt(certificate, now);
    }

    /** The {@code info} member that the service shows. */
    static ObjectNode info(X509Certificate certificate) {
        List<String> thumbprints = Thumbprints.of(certificate);
        return Json.object()
                .put("subjectName", certificate.getSubjectX500Principal().getName())
                .put("sha1Thumbprint", thumbprints.get(0))
                .put("sha256Thumbprint", thumbprints.get(1))
                .put("issuerName", certificate.getIssuerX500Principal().getName())
                .put("notBeforeUtc", time(certificate.getNotBefore()))
                .put("notAfterUtc", time(certificate.getNotAfter()))
                .put("serialNumber", certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT))
                .put("version", certificate.getVersion());
    }

    private static String time(Date date) {
        return WireTime.format(date.toInstant());
    }
}
