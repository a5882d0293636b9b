package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.auth.X509Identity;
import io.hubwire.mqtt.link.HttpsDate;
import io.hubwire.mqtt.link.TcpRoute;
import io.hubwire.mqtt.link.TlsWire;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Clocks and credentials that are wrong, at a real hub with a real clock. */
class LocalHubClockTest extends LocalHubTest {
    private static final Duration BEHIND = Duration.ofHours(3);

    private static ConnectRefusedException refusalOf(DeviceClient device) {
        return (ConnectRefusedException) ConversationTest.failureOf(device.connect());
    }

    private static Consumer<ClientOptions.Builder> behind(ClockCheck check) {
        ClientEnvironment real = ClientEnvironment.system();
        Clock slow = Clock.offset(real.clock(), BEHIND.negated());
        return options -> options.clockCheck(check)
                .httpsPort(hub.httpsPort())
                .environment(new ClientEnvironment(slow, real.nanoTime(), real.timer(), real.random()));
    }

    @Test
    void a_clock_that_is_three_hours_behind_is_measured() {
        ConnectRefusedException refused = refusalOf(device(behind(ClockCheck.REPORT)));
        assertThat(refused.refusal()).isEqualTo(RefusalCause.CLOCK_SKEW);
        assertThat(refused.clockSkew())
                .get(InstanceOfAssertFactories.DURATION)
                .isCloseTo(BEHIND.negated(), Duration.ofSeconds(5));
    }

    @Test
    void a_device_may_follow_the_hubs_clock_instead() {
        DeviceClient device = device(behind(ClockCheck.CORRECT));
        device.connect().join();
        device.send(Message.of("in time")).join();
        assertThat(eventsOf(identity)).hasSize(1);
    }

    @Test
    void wrong_key_and_unknown_device_look_the_same_and_the_text_says_so() {
        SymmetricKey wrong = SymmetricKey.ofBytes(new byte[32]);
        for (Identity who : new Identity[] {identity, Identity.device("nobody")}) {
            ConnectRefusedException refused = refusalOf(
                    device(ConnectionString.ofIdentity(hub.host(), who, wrong), o -> o.httpsPort(hub.httpsPort())));
            assertThat(refused.refusal()).isEqualTo(RefusalCause.KEY_OR_DEVICE);
            assertThat(refused).hasMessageContainingAll("key is wrong", "no such device", "does not tell which");
        }
    }

    @Test
    void a_certificate_that_is_not_registered_is_not_mistaken_for_a_key() {
        X509Identity unknown = SelfSignedDevice.certificate("somebody");
        DeviceClient device = closing(DeviceClient.of(
                address(),
                identity,
                ClientCredentials.certificates(unknown),
                options().build()));
        assertThat(refusalOf(device).refusal()).isEqualTo(RefusalCause.CERTIFICATE_OR_DEVICE);
    }

    @Test
    void the_hub_tells_its_time_over_https() throws IOException {
        assertThat(clockAt(hub.httpsPort(), Duration.ofSeconds(10)).read())
                .isBetween(Instant.now().minusSeconds(10), Instant.now().plusSeconds(10));
    }

    @Test
    void who_does_not_answer_is_not_waited_for_longer_than_allowed() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HttpsDate clock = clockAt(silent.getLocalPort(), Duration.ofMillis(200));
            assertThatThrownBy(clock::read).isInstanceOf(IOException.class);
        }
    }

    private static HttpsDate clockAt(int port, Duration timeout) {
        TlsTrust trust = TlsTrust.pem(hub.caFile());
        return new HttpsDate(
                () -> new TlsWire(hub.host(), port, trust.context(), Duration.ofMinutes(1), TcpRoute.direct()),
                hub.host() + ":" + port,
                ClientEnvironment.system().timer(),
                timeout);
    }
}
