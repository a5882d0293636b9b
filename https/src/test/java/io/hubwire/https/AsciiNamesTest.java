package io.hubwire.https;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AsciiNamesTest {
    private static final int DNS_NAME = 2;

    @Test
    void a_certificate_with_a_kelvin_sign_for_a_k_is_refused() {
        assertThat(AsciiNames.hasOnlyAsciiNames(
                        List.of(List.of(DNS_NAME, "hub.example.net"), List.of(DNS_NAME, "hub.e\u212Aample.net"))))
                .isFalse();
    }

    @Test
    void ordinary_names_addresses_and_none_at_all_pass() {
        assertThat(AsciiNames.hasOnlyAsciiNames(List.of(
                        List.of(DNS_NAME, "*.example.net"), List.of(7, "127.0.0.1"), List.of(0, new byte[] {-1}))))
                .isTrue();
        assertThat(AsciiNames.hasOnlyAsciiNames(null)).isTrue();
    }
}
