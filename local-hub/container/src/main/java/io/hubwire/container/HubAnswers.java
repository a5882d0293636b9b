package io.hubwire.container;

import com.github.dockerjava.api.exception.DockerException;
import io.hubwire.auth.TlsTrust;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;
import org.rnorth.ducttape.TimeoutException;
import org.rnorth.ducttape.unreliables.Unreliables;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/**
 * Waits until the hub in a container answers over HTTPS with a certificate that is good for the name by which it was called;
 * stops waiting as soon as the log says that it will not.
 */
final class HubAnswers extends AbstractWaitStrategy {
    private static final int REQUEST_MILLIS = 2_000;

    private final String caInContainer;
    private final int httpsPort;
    private byte[] ca = {};

    /**
     * @param caInContainer path of the certificate of the hub's authority in the container, in PEM
     * @param httpsPort as it is in the container
     */
    HubAnswers(String caInContainer, int httpsPort) {
        this.caInContainer = caInContainer;
        this.httpsPort = httpsPort;
    }

    /** The certificate of the hub's authority, in PEM; empty before the hub has answered. */
    byte[] ca() {
        return ca.clone();
    }

    @Override
    protected void waitUntilReady() {
        Attempts attempts = new Attempts();
        try {
            Unreliables.retryUntilTrue(
                    Math.toIntExact(startupTimeout.toSeconds()), TimeUnit.SECONDS, () -> getRateLimiter()
                            .getWhenReady(attempts::isDecided));
        } catch (TimeoutException e) {
            throw new ContainerLaunchException(
                    "it did not answer within " + startupTimeout.toSeconds() + " s: " + attempts.lastProblem, e);
        }
        if (attempts.failure != null) {
            throw new ContainerLaunchException(attempts.failure);
        }
    }

    private final class Attempts {
        private @Nullable String failure;
        private String lastProblem = "not asked yet";

        /** Whether the hub answers, or never will. */
        boolean isDecided() {
            Optional<String> reason = StartFailure.in(waitStrategyTarget.getLogs());
            if (reason.isEmpty() && !waitStrategyTarget.isRunning()) {
                reason = Optional.of("the broker ended; its log tells why");
            }
            failure = reason.orElse(null);
            return failure != null || answers();
        }

        private boolean answers() {
            try {
                byte[] pem = waitStrategyTarget.copyFileFromContainer(caInContainer, in -> in.readAllBytes());
                HttpsURLConnection call = (HttpsURLConnection) URI.create("https://" + waitStrategyTarget.getHost()
                                + ":" + waitStrategyTarget.getMappedPort(httpsPort) + "/health")
                        .toURL()
                        .openConnection();
                call.setSSLSocketFactory(trusting(pem).context().getSocketFactory());
                call.setConnectTimeout(REQUEST_MILLIS);
                call.setReadTimeout(REQUEST_MILLIS);
                int status = call.getResponseCode();
                call.disconnect();
                lastProblem = "/health answers " + status;
                ca = pem;
                return status == 200;
            } catch (IOException | CertificateException | DockerException notYet) {
                lastProblem = String.valueOf(notYet.getMessage());
                return false;
            }
        }
    }

    private static TlsTrust trusting(byte[] pem) throws CertificateException {
        return TlsTrust.certificates(
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                        .map(X509Certificate.class::cast)
                        .toList());
    }
}
