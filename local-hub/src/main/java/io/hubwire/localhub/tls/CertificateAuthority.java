package io.hubwire.localhub.tls;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The hub's certificate authority: a P-256 key and its self-signed certificate.
 *
 * @param certificate what users trust
 * @param key what signs; never leaves the owner's files
 */
record CertificateAuthority(X509Certificate certificate, PrivateKey key) {
    /** Peers whose clock is behind by less than this still find the certificates valid. */
    private static final Duration BACKDATED = Duration.ofDays(1);

    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);

    /** What Apple's platforms accept at most of a server. */
    private static final Duration SERVER_LIFE = Duration.ofDays(397);

    private static final X500Name NAME = new X500Name("CN=Hubwire local hub CA,O=Hubwire");
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final int SERIAL_BITS = 127;
    /** Only what looks like an address is handed to {@link InetAddress}, which would look anything else up. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** A server's key with its certificate chain, leaf first. */
    record ServerIdentity(PrivateKey key, X509Certificate[] chain) {}

    static CertificateAuthority create(Instant now, SecureRandom random) throws GeneralSecurityException {
        KeyPair pair = newKeyPair(random);
        try {
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                            NAME,
                            new BigInteger(SERIAL_BITS, random),
                            Date.from(now.minus(BACKDATED)),
                            Date.from(now.plus(AUTHORITY_LIFE)),
                            NAME,
                            pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(pair.getPublic()))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            ids.createAuthorityKeyIdentifier(pair.getPublic()));
            return new CertificateAuthority(sign(builder, pair.getPrivate()), pair.getPrivate());
        } catch (CertIOException | OperatorCreationException e) {
            throw new GeneralSecurityException("the hub's certificate authority could not be made", e);
        }
    }

    /** Whether it outlives any server certificate it would issue now. */
    boolean goodAt(Instant now) {
        return certificate.getNotBefore().toInstant().isBefore(now)
                && certificate.getNotAfter().toInstant().isAfter(now.plus(SERVER_LIFE));
    }

    /**
     * A new key and certificate for a server.
     *
     * @param names host names and IP addresses, all of which become subject alternative names; not empty
     */
    ServerIdentity issue(Collection<String> names, Instant now, SecureRandom random) throws GeneralSecurityException {
        KeyPair pair = newKeyPair(random);
        GeneralName[] alternatives =
                names.stream().map(CertificateAuthority::alternativeName).toArray(GeneralName[]::new);
        try {
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                            certificate,
                            new BigInteger(SERIAL_BITS, random),
                            Date.from(now.minus(BACKDATED)),
                            Date.from(now.plus(SERVER_LIFE).minus(BACKDATED)),
                            new X500Name("CN=Hubwire local hub"),
                            pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives))
                    .addExtension(
                            Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(pair.getPublic()))
                    .addExtension(
                            Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(certificate));
            X509Certificate leaf = sign(builder, key);
            return new ServerIdentity(pair.getPrivate(), new X509Certificate[] {leaf, certificate});
        } catch (CertIOException | OperatorCreationException e) {
            throw new GeneralSecurityException("no certificate could be issued for " + names, e);
        }
    }

    private static GeneralName alternativeName(String name) {
        if (!ADDRESS.matcher(name).matches()) {
            return new GeneralName(GeneralName.dNSName, name);
        }
        try {
            return new GeneralName(
                    GeneralName.iPAddress, InetAddress.getByName(name).getHostAddress());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("host name [" + name + "] is neither a name nor an IP address", e);
        }
    }

    private static KeyPair newKeyPair(SecureRandom random) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    }

    /** The certificate's subject; the key stays out of logs. */
    @Override
    public String toString() {
        return "CertificateAuthority[" + certificate.getSubjectX500Principal() + "]";
    }
}
