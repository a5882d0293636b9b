package io.hubwire.localhub.engine;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates made for one test. */
final class TestCertificates {
    private TestCertificates() {}

    /** A certificate and its key. */
    record Issued(X509Certificate certificate, KeyPair keys) {
        /** Issues a certificate below this one. */
        Issued issue(String name) {
            return make(name, certificate.getSubjectX500Principal(), keys, TestHub.START);
        }
    }

    static Issued selfSigned(String name) {
        return selfSigned(name, TestHub.START);
    }

    /** @param from it is good for 30 days from then */
    static Issued selfSigned(String name, Instant from) {
        return make(name, new X500Principal("CN=" + name), null, from);
    }

    private static Issued make(String name, X500Principal issuer, KeyPair issuerKeys, Instant from) {
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
            var signer = new JcaContentSignerBuilder("SHA256withECDSA")
                    .build((issuerKeys == null ? keys : issuerKeys).getPrivate());
            return new Issued(new JcaX509CertificateConverter().getCertificate(builder.build(signer)), keys);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
