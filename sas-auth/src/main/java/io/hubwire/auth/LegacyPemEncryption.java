package io.hubwire.auth;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.engines.DESedeEngine;
import org.bouncycastle.crypto.generators.OpenSSLPBEParametersGenerator;
import org.bouncycastle.crypto.modes.CBCBlockCipher;
import org.bouncycastle.crypto.paddings.PKCS7Padding;
import org.bouncycastle.crypto.paddings.PaddedBufferedBlockCipher;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.util.io.pem.PemHeader;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * The old way of OpenSSL to encrypt a PEM block, told by the headers {@code Proc-Type: 4,ENCRYPTED} and
 * {@code DEK-Info: cipher,iv} (RFC 1421 section 4.6.1.3 for the headers). The key comes from one round of MD5 over
 * passphrase and the IV's first eight bytes: weak, but files of this kind are still about.
 */
final class LegacyPemEncryption {
    private static final int SALT_BYTES = 8;

    private LegacyPemEncryption() {}

    /** Why a block could not be decrypted; the text is fit to be shown. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        Failure(String message) {
            super(message);
        }
    }

    private record Dek(BlockCipher cipher, int keyBits) {}

    static boolean isUsedBy(PemObject block) {
        return header(block, "DEK-Info").isPresent();
    }

    static byte[] decrypt(PemObject block, char[] passphrase) throws Failure {
        String[] info = header(block, "DEK-Info").orElse("").split(",", 2);
        Dek dek = dek(info[0].strip());
        byte[] iv = iv(info.length == 2 ? info[1].strip() : "", dek.cipher().getBlockSize());
        OpenSSLPBEParametersGenerator generator = new OpenSSLPBEParametersGenerator();
        byte[] secret = new String(passphrase).getBytes(StandardCharsets.UTF_8);
        generator.init(secret, Arrays.copyOf(iv, SALT_BYTES));
        PaddedBufferedBlockCipher cbc =
                new PaddedBufferedBlockCipher(CBCBlockCipher.newInstance(dek.cipher()), new PKCS7Padding());
        cbc.init(false, new ParametersWithIV(generator.generateDerivedParameters(dek.keyBits()), iv));
        byte[] in = block.getContent();
        byte[] out = new byte[cbc.getOutputSize(in.length)];
        try {
            int length = cbc.processBytes(in, 0, in.length, out, 0);
            return Arrays.copyOf(out, length + cbc.doFinal(out, length));
        } catch (CryptoException wrong) {
            throw new Failure("the key cannot be decrypted: the passphrase is wrong, or the block is damaged");
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static Dek dek(String name) throws Failure {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "AES-128-CBC" -> new Dek(AESEngine.newInstance(), 128);
            case "AES-192-CBC" -> new Dek(AESEngine.newInstance(), 192);
            case "AES-256-CBC" -> new Dek(AESEngine.newInstance(), 256);
            case "DES-EDE3-CBC" -> new Dek(new DESedeEngine(), 192);
            default ->
                throw new Failure(
                        "the key is encrypted with [" + name
                                + "]; known are AES-128-CBC, AES-192-CBC, AES-256-CBC and DES-EDE3-CBC. Convert it: openssl pkcs8 -topk8");
        };
    }

    private static byte[] iv(String hex, int size) throws Failure {
        try {
            byte[] iv = HexFormat.of().parseHex(hex);
            if (iv.length == size) {
                return iv;
            }
        } catch (IllegalArgumentException notHex) {
            // falls through to the one error for both
        }
        throw new Failure("the header DEK-Info does not hold " + size + " bytes of hexadecimal digits after its comma");
    }

    private static Optional<String> header(PemObject block, String name) {
        for (Object header : block.getHeaders()) {
            if (header instanceof PemHeader h && name.equalsIgnoreCase(h.getName())) {
                return Optional.of(h.getValue());
            }
        }
        return Optional.empty();
    }
}
