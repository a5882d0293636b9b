package io.hubwire.localhub.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Events on disk, certificates from back ends. How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class RecordFuzzTest {
    @MethodSource("events")
    @FuzzTest(maxDuration = "1m")
    void any_bytes_are_an_event_or_refused(byte[] record) {
        Incoming event;
        try {
            event = EventCodec.decode(record);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
            return;
        }
        byte[] written = EventCodec.encode(event);
        assertThat(EventCodec.encode(EventCodec.decode(written))).hasSameSizeAs(written);
        assertThat(EventCodec.decode(written)).usingRecursiveComparison().isEqualTo(event);
    }

    @MethodSource("certificates")
    @FuzzTest(maxDuration = "1m")
    void any_text_is_a_certificate_or_refused(byte[] utf8) throws CertificateException {
        X509Certificate certificate;
        try {
            certificate = Certificates.read(new String(utf8, UTF_8));
        } catch (CertificateException refused) {
            return;
        }
        assertThat(Certificates.info(certificate).path("sha1Thumbprint").asText())
                .hasSize(40);
        assertThat(Certificates.read(Certificates.base64Der(certificate))).isEqualTo(certificate);
        assertThat(Certificates.commonName(certificate)).isNotNull();
    }

    static Stream<byte[]> events() {
        byte[] whole = EventCodec.encode(new Incoming(
                Identity.module("dev1", "m1"),
                Message.builder("{}".getBytes(UTF_8))
                        .system(SystemProperty.MESSAGE_ID, "1")
                        .property("k", null)
                        .property("l", "v")
                        .build(),
                Map.of("iothub-message-source", "Telemetry", "iothub-enqueuedtime", Instant.EPOCH)));
        return Stream.of(whole, Arrays.copyOf(whole, whole.length - 1), Arrays.copyOf(whole, 9), new byte[] {2});
    }

    static Stream<byte[]> certificates() throws Exception {
        String base64 =
                Certificates.base64Der(TestCertificates.selfSigned("fuzzed").certificate());
        return Stream.of(base64, "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n", "MIIB", "")
                .map(text -> text.getBytes(UTF_8));
    }
}
