package io.hubwire.localhub;

import io.hubwire.auth.TlsTrust;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A device's self-signed certificate with its key. */
public record SelfSigned(X509Certificate certificate, PrivateKey key) {
    public static SelfSigned named(String commonName) throws Exception {
        KeyPair pair = keys();
        X500Name name = new X500Name("CN=" + commonName);
        return new SelfSigned(issue(name, pair, name, pair, false), pair.getPrivate());
    }

    /** A chain of three: a root, an authority below it, and a device. The root is what a hub is told. */
    public record Chain(X509Certificate root, X509Certificate intermediate, X509Certificate leaf, PrivateKey key) {
        public static Chain of(String commonName) throws Exception {
            KeyPair root = keys();
            KeyPair middle = keys();
            KeyPair device = keys();
            X500Name rootName = new X500Name("CN=root of " + commonName);
            X500Name middleName = new X500Name("CN=authority of " + commonName);
            return new Chain(
                    issue(rootName, root, rootName, root, true),
                    issue(middleName, middle, rootName, root, true),
                    issue(new X500Name("CN=" + commonName), device, middleName, middle, false),
                    device.getPrivate());
        }

        /** A client's TLS that shows leaf and intermediate. */
        public SSLContext trusting(Path caFile) throws Exception {
            return SelfSigned.trusting(caFile, key, leaf, intermediate);
        }
    }

    private static KeyPair keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static X509Certificate issue(
            X500Name subject, KeyPair keys, X500Name issuer, KeyPair issuerKeys, boolean authority) throws Exception {
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(now.getNano() + 1L),
                Date.from(now.minusSeconds(60)),
                Date.from(now.plus(Duration.ofDays(1))),
                subject,
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
    }

    /** 40 hex digits. */
    public String sha1Thumbprint() throws Exception {
        return HexFormat.of()
                .withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded()));
    }

    /** A client's TLS that shows this certificate and trusts the authority in the file. */
    public SSLContext trusting(Path caFile) throws Exception {
        return trusting(caFile, key, certificate);
    }

    private static SSLContext trusting(Path caFile, PrivateKey key, X509Certificate... chain) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("device", key, new char[0], chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                keys.getKeyManagers(), new TrustManager[] {TlsTrust.pem(caFile).trustManager()}, null);
        return context;
    }
}
