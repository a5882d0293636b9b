package io.hubwire.auth;

import io.hubwire.protocol.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * A PEM file taken apart: any text around the blocks, any line ends, several blocks. Errors name the file and the block,
 * never its content.
 *
 * @param name for errors
 */
record PemFile(String name, List<PemObject> blocks) {
    private static final long MAX_BYTES = 1 << 20;

    PemFile {
        blocks = List.copyOf(blocks);
    }

    static PemFile read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new InvalidInputException("PEM file [" + file + "] is larger than 1 MiB");
            }
            return parse(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException unreadable) {
            throw new InvalidInputException(
                    "PEM file [" + file + "] cannot be read: "
                            + unreadable.getClass().getSimpleName(),
                    unreadable);
        }
    }

    static PemFile parse(String name, String text) {
        List<PemObject> blocks = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(text))) {
            for (PemObject block = reader.readPemObject(); block != null; block = reader.readPemObject()) {
                blocks.add(block);
            }
        } catch (IOException | RuntimeException damaged) { // the reader throws both; its texts may quote the content
            throw new InvalidInputException("PEM file [" + name + "] is damaged in block number " + (blocks.size() + 1)
                    + ": an END line is missing or the base64 is broken");
        }
        return new PemFile(name, blocks);
    }

    /** Every certificate, in order; at least one. */
    List<X509Certificate> certificates() {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemObject block : blocks) {
            if (block.getType().equals("CERTIFICATE") || block.getType().equals("X509 CERTIFICATE")) {
                certificates.add(certificate(block.getContent(), certificates.size() + 1));
            }
        }
        if (certificates.isEmpty()) {
            throw new InvalidInputException(
                    "PEM file [" + name + "] has no block -----BEGIN CERTIFICATE-----; it has " + types());
        }
        return certificates;
    }

    /** What the blocks say they are, for errors. */
    String types() {
        return blocks.isEmpty()
                ? "no PEM block at all"
                : blocks.stream().map(PemObject::getType).toList().toString();
    }

    private X509Certificate certificate(byte[] der, int number) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException damaged) {
            throw new InvalidInputException(
                    "PEM file [" + name + "]: certificate number " + number + " cannot be read as X.509", damaged);
        }
    }
}
