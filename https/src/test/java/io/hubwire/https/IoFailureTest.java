package io.hubwire.https;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IoFailureTest {
    @ParameterizedTest
    @MethodSource("failures")
    void each_failure_of_the_way_has_its_code(IOException failure, ErrorCode code) {
        HubwireException e = IoFailure.of("GET /devices", "hub:443", failure);
        assertThat(e.code()).isEqualTo(code);
        assertThat(e).hasMessageContaining("GET /devices at hub:443 failed: ").hasCause(failure);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new UnknownHostException("hub"), ErrorCode.UNREACHABLE),
                Arguments.of(new ConnectException("Connection refused"), ErrorCode.UNREACHABLE),
                Arguments.of(new NoRouteToHostException("No route"), ErrorCode.UNREACHABLE),
                Arguments.of(new SocketTimeoutException("connect timed out"), ErrorCode.UNREACHABLE),
                Arguments.of(new IOException("Unexpected response code for CONNECT: 403"), ErrorCode.UNREACHABLE),
                Arguments.of(new IOException("Failed to authenticate with proxy"), ErrorCode.UNAUTHORIZED),
                Arguments.of(
                        new SSLHandshakeException("PKIX").initCause(new CertificateException("no")),
                        ErrorCode.TLS_FAILED),
                Arguments.of(new SSLException("Received fatal alert: bad_certificate"), ErrorCode.TLS_FAILED),
                Arguments.of(
                        new SSLHandshakeException("Remote host terminated").initCause(new EOFException("EOF")),
                        ErrorCode.CONNECTION_LOST),
                Arguments.of(new SSLException("reset", new SocketException("reset")), ErrorCode.CONNECTION_LOST),
                Arguments.of(new SocketException("Connection reset"), ErrorCode.CONNECTION_LOST),
                Arguments.of(new ProtocolException("unexpected end of stream"), ErrorCode.CONNECTION_LOST),
                Arguments.of(new ProtocolException("Unexpected status line: SSH-2.0"), ErrorCode.MALFORMED_REPLY),
                Arguments.of(new IOException(), ErrorCode.CONNECTION_LOST));
    }
}
