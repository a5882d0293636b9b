package io.hubwire.localhub.engine;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** Certificates made for one test. */
final class TestCertificates {
    private TestCertificates() {}

    /** A certificate and its key. */
    record Issued(X509Certificate certificate, KeyPair keys) {
        /** Issues a device's certificate below this one. */
        Issued issue(String name) {
            return make(name, certificate.getSubjectX500Principal(), keys, TestHub.START, false);
        }

        /** Issues an authority's certificate below this one. */
        Issued issueAuthority(String name) {
            return make(name, certificate.getSubjectX500Principal(), keys, TestHub.START, true);
        }
    }

    static Issued selfSigned(String name) {
        return selfSigned(name, TestHub.START);
    }

    /** An authority that may also pass for a device. @param from it is good for 30 days from then */
    static Issued selfSigned(String name, Instant from) {
        return make(name, new X500Principal("CN=" + name), null, from, true);
    }

    static String base64(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Issued make(
            String name, X500Principal issuer, @Nullable KeyPair issuerKeys, Instant from, boolean authority) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair keys = generator.generateKeyPair();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    BigInteger.valueOf(name.hashCode() & 0xffffL).add(BigInteger.ONE),
                    Date.from(from),
                    Date.from(from.plus(Duration.ofDays(30))),
                    new X500Principal("CN=" + name),
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            var signer = new JcaContentSignerBuilder("SHA256withECDSA")
                    .build((issuerKeys == null ? keys : issuerKeys).getPrivate());
            return new Issued(new JcaX509CertificateConverter().getCertificate(builder.build(signer)), keys);
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException(e);
        }
    }
}
