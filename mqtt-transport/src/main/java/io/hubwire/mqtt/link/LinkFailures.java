package io.hubwire.mqtt.link;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Says in our words what went wrong with a socket. A failed certificate check is {@link ErrorCode#TLS_FAILED} and will
 * fail again; a link that merely broke during the handshake is not.
 */
public final class LinkFailures {
    private LinkFailures() {}

    /**
     * What a failure means.
     *
     * @param peer {@code host:port}
     * @param established whether MQTT was running
     */
    public static TransportException explain(@Nullable Throwable failure, String peer, boolean established) {
        Throwable root = failure;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof RouteException route) {
                return of(route.code(), peer, String.valueOf(route.getMessage()), failure);
            }
            if (t instanceof GeneralSecurityException || t instanceof SSLPeerUnverifiedException) {
                return of(ErrorCode.TLS_FAILED, peer, "its certificate was not accepted: " + t.getMessage(), failure);
            }
            root = t;
        }
        if (alert(failure)) {
            return of(ErrorCode.TLS_FAILED, peer, "TLS could not be agreed on: " + rootText(root), failure);
        }
        if (established) {
            return of(ErrorCode.CONNECTION_LOST, peer, "connection lost: " + rootText(root), failure);
        }
        if (root instanceof UnknownHostException) {
            return of(ErrorCode.UNREACHABLE, peer, "the host name does not resolve", failure);
        }
        if (root instanceof SocketTimeoutException) {
            return of(ErrorCode.TIMED_OUT, peer, "no answer in time", failure);
        }
        if (root instanceof ConnectException || root instanceof NoRouteToHostException) {
            return of(ErrorCode.UNREACHABLE, peer, rootText(root), failure);
        }
        return of(ErrorCode.CONNECTION_LOST, peer, "connection ended before CONNACK: " + rootText(root), failure);
    }

    /** Whether the other side ended an established connection: end of stream or reset. */
    public static boolean endedByPeer(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof EOFException) {
                return true;
            }
            if (t instanceof SocketException && String.valueOf(t.getMessage()).contains("reset")) {
                return true;
            }
        }
        return false;
    }

    /** An alert is an answer: the peer refuses our certificate, our TLS versions, our name for it. */
    private static boolean alert(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String text = String.valueOf(t.getMessage());
            if ((t instanceof SSLHandshakeException && text.contains("fatal alert"))
                    || (t instanceof SSLException && text.contains("Unsupported or unrecognized SSL message"))) {
                return true;
            }
        }
        return false;
    }

    private static TransportException of(ErrorCode code, String peer, String what, @Nullable Throwable cause) {
        return new TransportException(code, "[" + peer + "]: " + what, cause);
    }

    private static String rootText(@Nullable Throwable root) {
        if (root instanceof EOFException && root.getMessage() == null) {
            return "the peer closed it";
        }
        if (root == null) {
            return "no reason given";
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
