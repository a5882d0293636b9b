package io.hubwire.https;

import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The second line behind {@link NameCheckingSocketFactory}: refuses host names and certificate names that are not ASCII,
 * which is where OkHttp's own check goes wrong (CVE-2021-0341), and leaves the rest to it.
 */
final class AsciiNames implements HostnameVerifier {
    private final HostnameVerifier next;

    AsciiNames(HostnameVerifier next) {
        this.next = next;
    }

    @Override
    public boolean verify(String host, SSLSession session) {
        return isAscii(host) && hasOnlyAsciiNames(session) && next.verify(host, session);
    }

    private static boolean hasOnlyAsciiNames(SSLSession session) {
        try {
            Certificate leaf = session.getPeerCertificates()[0];
            return leaf instanceof X509Certificate x509 && hasOnlyAsciiNames(x509.getSubjectAlternativeNames());
        } catch (SSLPeerUnverifiedException | CertificateParsingException unreadable) {
            return false;
        }
    }

    /** @param names pairs of type and name as the JDK gives them; null when the certificate has none */
    static boolean hasOnlyAsciiNames(@Nullable Collection<List<?>> names) {
        return names == null
                || names.stream()
                        .flatMap(List::stream)
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .allMatch(AsciiNames::isAscii);
    }

    private static boolean isAscii(String text) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(text);
    }
}
