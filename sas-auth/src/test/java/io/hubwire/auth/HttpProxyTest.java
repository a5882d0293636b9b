package io.hubwire.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hubwire.protocol.ErrorCode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProxyTest {
    private static final HttpProxy OPEN = HttpProxy.at("proxy.example", 3128);
    private static final HttpProxy LOCKED = new HttpProxy("proxy.example", 3128, "Aladdin", "open sesame");

    @ParameterizedTest(name = "{0}:{1}")
    @CsvSource({
        // RFC 7617 section 2, and section 2.1 for a password beyond ASCII
        "Aladdin, open sesame, Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "test, 123£, Basic dGVzdDoxMjPCow==",
    })
    void authorizes_as_the_examples_of_rfc_7617(String user, String password, String value) {
        assertThat(new HttpProxy("p", 1, user, password).authorization()).contains(value);
    }

    @Test
    void asks_for_a_tunnel_and_shows_credentials_only_when_it_has_some() {
        assertThat(new String(OPEN.connectRequest("hub.example", 8883), StandardCharsets.US_ASCII))
                .isEqualTo("CONNECT hub.example:8883 HTTP/1.1\r\nHost: hub.example:8883\r\n\r\n");
        assertThat(new String(LOCKED.connectRequest("hub.example", 8883), StandardCharsets.US_ASCII))
                .isEqualTo("CONNECT hub.example:8883 HTTP/1.1\r\nHost: hub.example:8883\r\n"
                        + "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
    }

    @Test
    void puts_an_address_with_colons_into_brackets() {
        assertThat(new String(OPEN.connectRequest("::1", 443), StandardCharsets.US_ASCII))
                .startsWith("CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 299})
    void takes_any_success_for_an_open_tunnel(int status) {
        assertThat(OPEN.refusal(status, "hub.example", 443)).isEmpty();
    }

    @Test
    void tells_wrong_credentials_from_missing_ones_and_from_another_refusal() {
        assertThat(OPEN.refusal(407, "hub.example", 443)).hasValueSatisfying(e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
            assertThat(e)
                    .hasMessage("proxy [proxy.example:3128] answered 407 to CONNECT [hub.example:443]:"
                            + " it asks for a user and a password");
        });
        assertThat(LOCKED.refusal(407, "hub.example", 443)).hasValueSatisfying(e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
            assertThat(e).hasMessageEndingWith(": it does not accept this user and password");
            assertThat(e).hasMessageNotContaining("sesame");
        });
        assertThat(LOCKED.refusal(502, "::1", 443)).hasValueSatisfying(e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
            assertThat(e).hasMessage("proxy [proxy.example:3128] answered 502 to CONNECT [[::1]:443]");
        });
    }

    @Test
    void never_shows_its_password() {
        assertThat(LOCKED).hasToString("HttpProxy[Aladdin@proxy.example:3128]");
        assertThat(OPEN).hasToString("HttpProxy[proxy.example:3128]");
    }

    @Test
    void refuses_a_port_out_of_range_half_of_the_credentials_and_a_colon_in_the_user() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpProxy.at("p", 65_536))
                .withMessageContaining("[65536]");
        assertThatIllegalArgumentException().isThrownBy(() -> HttpProxy.at("p", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new HttpProxy("p", 1, "user", null));
        assertThatIllegalArgumentException().isThrownBy(() -> new HttpProxy("p", 1, null, "password"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpProxy("p", 1, "a:b", "password"))
                .withMessageContaining("[a:b]")
                .withMessageNotContaining("password]");
    }
}
