package io.hubwire.auth;

import io.hubwire.protocol.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which servers are believed: those whose certificate leads to a root of the platform or to an extra one. Nothing is
 * pinned, since the services change their roots. Immutable; safe for any thread.
 *
 * <p>A trust manager looks at the chain, and at the name only when it is asked to: whoever opens a socket must also set
 * endpoint identification to {@code "HTTPS"} in its {@link javax.net.ssl.SSLParameters}. Source: sas-auth 9.
 */
public final class TlsTrust {
    /**
     * TLS sessions that a context remembers. The JDK's 20,480, of which each new connection makes one or two, are many
     * megabytes in the life of a device; one to resume is enough, and a context meets few hosts.
     */
    private static final int REMEMBERED_SESSIONS = 16;

    private final X509TrustManager trustManager;
    private final SSLContext anonymous;

    private TlsTrust(X509TrustManager trustManager) {
        this.trustManager = trustManager;
        this.anonymous = context(new KeyManager[0]);
    }

    /** Made once, when first asked for: the JDK's roots are a megabyte or two. */
    private static final class Platform {
        private static final TlsTrust TRUST = new TlsTrust(trustManager(null));

        private Platform() {}
    }

    /** The roots the JDK trusts; they include those of the Azure clouds. The same object each time. */
    public static TlsTrust platform() {
        return Platform.TRUST;
    }

    /**
     * The platform's roots and those of a file, for example the local hub's CA.
     *
     * @param roots PEM with one or more certificates
     * @throws InvalidInputException when the file cannot be read or holds no certificate
     */
    public static TlsTrust pem(Path roots) {
        return certificates(PemFile.read(roots).certificates());
    }

    /** The platform's roots and these. */
    public static TlsTrust certificates(Collection<X509Certificate> roots) {
        List<X509Certificate> all = new ArrayList<>(List.of(trustManager(null).getAcceptedIssuers()));
        all.addAll(roots);
        return new TlsTrust(trustManager(all));
    }

    /** An {@link javax.net.ssl.X509ExtendedTrustManager}, so that the JDK can check the name with it. */
    public X509TrustManager trustManager() {
        return trustManager;
    }

    /**
     * A client's context without a certificate of its own. TLS 1.3 and 1.2. The same object each time, so that many clients
     * share one, and the sessions it remembers.
     */
    public SSLContext context() {
        return anonymous;
    }

    /** A client's context that shows {@code identity} when the server asks for a certificate. TLS 1.3 and 1.2. */
    public SSLContext context(X509Identity identity) {
        return context(new KeyManager[] {identity.keyManager()});
    }

    private SSLContext context(KeyManager[] own) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, new TrustManager[] {trustManager}, null);
            context.getClientSessionContext().setSessionCacheSize(REMEMBERED_SESSIONS);
            return context;
        } catch (GeneralSecurityException noTls) {
            throw new IllegalStateException("this JDK cannot make a TLS context", noTls);
        }
    }

    private static X509TrustManager trustManager(@Nullable List<X509Certificate> roots) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(roots == null ? null : keyStore(roots));
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    return x509;
                }
            }
            throw new IllegalStateException("this JDK has no X.509 trust manager");
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalStateException("this JDK cannot load its own roots", broken);
        }
    }

    private static KeyStore keyStore(List<X509Certificate> roots) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < roots.size(); i++) {
            store.setCertificateEntry("root-" + i, roots.get(i));
        }
        return store;
    }
}
