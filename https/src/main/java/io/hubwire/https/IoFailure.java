package io.hubwire.https;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.TransportException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.UnknownServiceException;
import javax.net.ssl.SSLException;

/** What an {@link IOException} of the HTTP stack means. Pure. */
final class IoFailure {
    private IoFailure() {}

    /**
     * @param what the request, for the text
     * @param where host and port, for the text
     */
    static HubwireException of(String what, String where, IOException failure) {
        String tried = what + " at " + where + " failed: ";
        if (failure instanceof UnknownHostException) {
            return new TransportException(ErrorCode.UNREACHABLE, tried + "the name does not resolve", failure);
        }
        if (failure instanceof SocketTimeoutException) {
            // only connecting has a time-out of its own; reading and writing end with the call's deadline
            return new TransportException(
                    ErrorCode.UNREACHABLE, tried + "no answer to the connection attempt", failure);
        }
        if (failure instanceof ConnectException
                || failure instanceof NoRouteToHostException
                || failure instanceof PortUnreachableException) {
            return new TransportException(ErrorCode.UNREACHABLE, tried + reason(failure), failure);
        }
        if (reason(failure).startsWith("Failed to authenticate with proxy")) {
            return new TransportException(ErrorCode.UNAUTHORIZED, tried + "the proxy refused the login", failure);
        }
        if (reason(failure).startsWith("Unexpected response code for CONNECT")) {
            return new TransportException(
                    ErrorCode.UNREACHABLE, tried + "the proxy refused the tunnel: " + reason(failure), failure);
        }
        if (failure instanceof SSLException && !isBrokenConnection(failure)) {
            return new TransportException(ErrorCode.TLS_FAILED, tried + reason(failure), failure);
        }
        if (failure instanceof UnknownServiceException) {
            return new TransportException(ErrorCode.TLS_FAILED, tried + reason(failure), failure);
        }
        if (failure instanceof ProtocolException && !isTruncated(failure)) {
            return new RemoteProtocolException(tried + "the answer is not HTTP/1.1: " + reason(failure), failure);
        }
        return new TransportException(
                ErrorCode.CONNECTION_LOST, tried + "the connection broke: " + reason(failure), failure);
    }

    /** A socket that dies during TLS surfaces as an SSLException around the real cause. */
    private static boolean isBrokenConnection(IOException failure) {
        for (Throwable t = failure.getCause(); t != null; t = t.getCause()) {
            if (t instanceof SocketException || t instanceof EOFException) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTruncated(IOException failure) {
        return failure.getMessage() != null && failure.getMessage().startsWith("unexpected end of stream");
    }

    private static String reason(IOException failure) {
        String text = failure.getMessage();
        return text == null || text.isBlank()
                ? failure.getClass().getSimpleName()
                : text.lines().findFirst().orElse(text);
    }
}
