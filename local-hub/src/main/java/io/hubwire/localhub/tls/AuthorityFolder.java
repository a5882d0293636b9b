package io.hubwire.localhub.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;

/**
 * Where the authority lives between runs: {@code ca.pem} for users to trust and {@code ca-key.pem}, both readable by
 * their owner only. Hubs that start at the same moment on one folder agree on one authority, by a file lock held for as
 * long as making a key takes.
 */
final class AuthorityFolder {
    private static final String CERTIFICATE = "ca.pem";
    private static final String KEY = "ca-key.pem";
    private static final String LOCK = ".lock";
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Path folder;

    AuthorityFolder(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    Path certificateFile() {
        return folder.resolve(CERTIFICATE);
    }

    /** What the folder holds, or, when that is nothing or about to expire, a new authority that it holds from now on. */
    CertificateAuthority loadOrCreate(Instant now, SecureRandom random) throws IOException, GeneralSecurityException {
        try {
            return loadOrCreateLocked(now, random);
        } catch (IOException e) { // most say the path and nothing else
            throw new IOException(
                    "the authority's folder [" + folder + "] cannot be used: "
                            + e.getClass().getSimpleName() + ": " + e.getMessage(),
                    e);
        }
    }

    private CertificateAuthority loadOrCreateLocked(Instant now, SecureRandom random)
            throws IOException, GeneralSecurityException {
        Files.createDirectories(folder, ownerOnly("rwx------"));
        // a file lock excludes other processes only; inside one the monitor does
        synchronized (AuthorityFolder.class) {
            try (FileChannel channel = FileChannel.open(
                            folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (Files.exists(certificateFile()) && Files.exists(folder.resolve(KEY))) {
                    CertificateAuthority stored = load();
                    if (lock.isValid() && stored.goodAt(now)) {
                        return stored;
                    }
                }
                CertificateAuthority fresh = CertificateAuthority.create(now, random);
                write(KEY, "PRIVATE KEY", fresh.key().getEncoded());
                write(CERTIFICATE, "CERTIFICATE", fresh.certificate().getEncoded());
                return fresh;
            }
        }
    }

    private CertificateAuthority load() throws IOException, GeneralSecurityException {
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(certificateFile())));
        String pem = Files.readString(folder.resolve(KEY));
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
        return new CertificateAuthority(certificate, key);
    }

    private void write(String name, String label, byte[] der) throws IOException {
        String pem = "-----BEGIN " + label + "-----\n" + PEM.encodeToString(der) + "\n-----END " + label + "-----\n";
        Path unfinished = Files.createTempFile(folder, name, ".new", ownerOnly("rw-------"));
        Files.write(unfinished, pem.getBytes(StandardCharsets.US_ASCII));
        Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static FileAttribute<?>[] ownerOnly(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
