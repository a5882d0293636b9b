package io.hubwire.auth;

import io.hubwire.protocol.InvalidInputException;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.io.pem.PemObject;
import org.jspecify.annotations.Nullable;

/**
 * The private key in a PEM file, in whichever of its forms: PKCS#8, PKCS#1, SEC1, each plain or encrypted. Everything ends
 * up as PKCS#8, which the JDK can load. Source: sas-auth 10.
 */
final class PrivateKeys {
    private static final String PKCS8 = "PRIVATE KEY";
    private static final String PKCS8_ENCRYPTED = "ENCRYPTED PRIVATE KEY";
    private static final String PKCS1 = "RSA PRIVATE KEY";
    private static final String SEC1 = "EC PRIVATE KEY";
    private static final String EC_PARAMETERS = "EC PARAMETERS";
    private static final Set<String> KEY_TYPES = Set.of(PKCS8, PKCS8_ENCRYPTED, PKCS1, SEC1);

    private final PemFile file;
    private final char @Nullable [] passphrase;

    private PrivateKeys(PemFile file, char @Nullable [] passphrase) {
        this.file = file;
        this.passphrase = passphrase;
    }

    /** The file's one key. @throws InvalidInputException when there is none, several, or it cannot be read */
    static PrivateKey only(PemFile file, char @Nullable [] passphrase) {
        var keys = file.blocks().stream()
                .filter(b -> KEY_TYPES.contains(b.getType()))
                .toList();
        if (keys.size() != 1) {
            throw new InvalidInputException("PEM file [" + file.name() + "] has "
                    + (keys.isEmpty() ? "no private key" : keys.size() + " private keys")
                    + "; wanted is one, and it has "
                    + file.types());
        }
        return new PrivateKeys(file, passphrase).read(keys.get(0));
    }

    private PrivateKey read(PemObject block) {
        try {
            return load(pkcs8(block));
        } catch (InvalidInputException told) {
            throw told;
        } catch (IOException | GeneralSecurityException | RuntimeException damaged) {
            // ASN.1 readers throw whatever they stumble over; it is not passed on, as it may quote bytes of the key
            throw broken("the block " + block.getType() + " is damaged or of a kind this JDK cannot load");
        }
    }

    private PrivateKeyInfo pkcs8(PemObject block) throws IOException, GeneralSecurityException {
        return switch (block.getType()) {
            case PKCS8 -> PrivateKeyInfo.getInstance(block.getContent());
            case PKCS8_ENCRYPTED -> PrivateKeyInfo.getInstance(decryptPkcs8(block.getContent()));
            case PKCS1 -> ofPkcs1(LegacyPemEncryption.isUsedBy(block) ? decryptLegacy(block) : block.getContent());
            default -> ofSec1(LegacyPemEncryption.isUsedBy(block) ? decryptLegacy(block) : block.getContent());
        };
    }

    private static PrivateKey load(PrivateKeyInfo info) throws IOException, GeneralSecurityException {
        ASN1ObjectIdentifier algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
        String name = algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey) ? "EC" : algorithm.getId();
        return KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    }

    private static PrivateKeyInfo ofPkcs1(byte[] der) throws IOException {
        return new PrivateKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                RSAPrivateKey.getInstance(der));
    }

    private PrivateKeyInfo ofSec1(byte[] der) throws IOException {
        ECPrivateKey key = ECPrivateKey.getInstance(der);
        ASN1Encodable curve = key.getParametersObject();
        if (curve == null) {
            curve = curveApart();
        }
        return new PrivateKeyInfo(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), key);
    }

    private ASN1Primitive curveApart() throws IOException {
        for (PemObject block : file.blocks()) {
            if (block.getType().equals(EC_PARAMETERS)) {
                return ASN1Primitive.fromByteArray(block.getContent());
            }
        }
        throw broken("the block " + SEC1 + " does not name its curve");
    }

    private byte[] decryptPkcs8(byte[] der) throws IOException, GeneralSecurityException {
        char[] secret = requirePassphrase();
        EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(der);
        AlgorithmParameters parameters = encrypted.getAlgParameters();
        // for PBES2 the JDK tells the two algorithms inside only in the parameters' text
        String named = parameters == null ? "" : String.valueOf(parameters.toString());
        String algorithm = named.startsWith("PBE") ? named : encrypted.getAlgName();
        PBEKeySpec spec = new PBEKeySpec(secret);
        try {
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(algorithm).generateSecret(spec), parameters);
            return encrypted.getKeySpec(cipher).getEncoded();
        } catch (NoSuchAlgorithmException unknown) {
            throw broken("the key is encrypted with [" + algorithm + "], which this JDK does not know");
        } catch (GeneralSecurityException wrong) {
            throw broken("the key cannot be decrypted: the passphrase is wrong, or the block is damaged");
        } finally {
            spec.clearPassword();
        }
    }

    private byte[] decryptLegacy(PemObject block) {
        try {
            return LegacyPemEncryption.decrypt(block, requirePassphrase());
        } catch (LegacyPemEncryption.Failure failure) {
            throw broken(String.valueOf(failure.getMessage()));
        }
    }

    private char[] requirePassphrase() {
        if (passphrase == null) {
            throw broken("the key is encrypted, and no passphrase was given");
        }
        return passphrase;
    }

    private InvalidInputException broken(String rule) {
        return new InvalidInputException("PEM file [" + file.name() + "]: " + rule);
    }
}
