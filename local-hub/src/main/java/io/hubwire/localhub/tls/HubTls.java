package io.hubwire.localhub.tls;

import io.hubwire.localhub.tls.CertificateAuthority.ServerIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * TLS of the hub's servers: a certificate for all its names, issued anew at each start by the authority in a folder, and
 * trust in any client certificate. The server's key exists in memory only. Immutable and thread-safe.
 */
public final class HubTls {
    private static final String ALIAS = "hub";
    /** Guards nothing: the key store never leaves this process, but the API wants a password. */
    private static final String PASSWORD = "in-memory";

    private final X509Certificate authority;
    private final Path caFile;
    private final X509Certificate server;
    private final SSLContext context;

    private HubTls(X509Certificate authority, Path caFile, KeyStore keyStore) throws GeneralSecurityException {
        this.authority = authority;
        this.caFile = caFile;
        this.server = (X509Certificate) keyStore.getCertificate(ALIAS);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(keyStore, PASSWORD.toCharArray());
        context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), new TrustManager[] {new AnyClientCertificate()}, null);
    }

    /**
     * Loads the folder's authority, or makes one (on first use, or when it would expire within 13 months), and issues the
     * hub's certificate.
     *
     * @param folder created if missing, readable by its owner only
     * @param names host names and IP addresses the hub answers to
     * @param clock the peers' time, so never a test's
     * @throws IOException when the folder cannot be read or written
     * @throws GeneralSecurityException when the folder holds something that is no authority
     */
    public static HubTls open(Path folder, Collection<String> names, Clock clock, SecureRandom random)
            throws IOException, GeneralSecurityException {
        AuthorityFolder files = new AuthorityFolder(folder);
        CertificateAuthority authority = files.loadOrCreate(clock.instant(), random);
        ServerIdentity server = authority.issue(names, clock.instant(), random);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(ALIAS, server.key(), PASSWORD.toCharArray(), server.chain());
        return new HubTls(authority.certificate(), files.certificateFile(), store);
    }

    /** The authority's certificate in PEM, for clients to trust. Absolute. */
    public Path caFile() {
        return caFile;
    }

    /** The authority's certificate. */
    public X509Certificate authority() {
        return authority;
    }

    /** For servers on the JDK's TLS; accepts any client certificate. Asking for one is up to the server. */
    public SSLContext serverContext() {
        return context;
    }

    /** What servers show; under all the hub's names. */
    X509Certificate serverCertificate() {
        return server;
    }
}
