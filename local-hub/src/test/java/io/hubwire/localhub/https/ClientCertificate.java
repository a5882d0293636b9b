package io.hubwire.localhub.https;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate with its key: a device's, or that of an authority for devices. Good for all times a test moves to.
 *
 * @param chain this certificate first, then its issuers
 */
record ClientCertificate(List<X509Certificate> chain, KeyPair keys) {
    static ClientCertificate selfSigned(String commonName) throws Exception {
        KeyPair keys = newKeys();
        return new ClientCertificate(List.of(certificate(commonName, false, keys, commonName, keys)), keys);
    }

    static ClientCertificate authority(String commonName) throws Exception {
        KeyPair keys = newKeys();
        return new ClientCertificate(List.of(certificate(commonName, true, keys, commonName, keys)), keys);
    }

    /** A device's certificate, signed by this authority. */
    ClientCertificate issue(String commonName) throws Exception {
        KeyPair leaf = newKeys();
        String issuer = certificate().getSubjectX500Principal().getName().substring("CN=".length());
        X509Certificate issued = certificate(commonName, false, leaf, issuer, keys);
        return new ClientCertificate(
                Stream.concat(Stream.of(issued), chain.stream()).toList(), leaf);
    }

    /** The same, presented without its issuers. */
    ClientCertificate leafOnly() {
        return new ClientCertificate(List.of(certificate()), keys);
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    String pem() throws Exception {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(certificate().getEncoded());
        return "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
    }

    private static KeyPair newKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(
            String subject, boolean authority, KeyPair keys, String issuer, KeyPair issuerKeys) throws Exception {
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name("CN=" + issuer),
                BigInteger.valueOf(42),
                Date.from(Instant.parse("2020-01-01T00:00:00Z")),
                Date.from(Instant.parse("2049-12-31T00:00:00Z")),
                new X500Name("CN=" + subject),
                keys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
    }

    /** A client's TLS that presents this chain. */
    SSLContext context(X509TrustManager trust) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("device", keys.getPrivate(), new char[0], chain.toArray(new X509Certificate[0]));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), new TrustManager[] {trust}, new SecureRandom());
        return context;
    }
}
