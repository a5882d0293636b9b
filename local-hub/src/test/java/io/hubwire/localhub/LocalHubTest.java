package io.hubwire.localhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.AccessControl.Right;
import io.hubwire.localhub.engine.SharedAccessPolicy;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.trace.WireTrace;
import io.hubwire.protocol.trace.WireTrace.Direction;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LocalHubTest {
    private static final String EVENTS = "devices/device1/messages/events/";

    @TempDir
    Path folder;

    @Test
    void has_connection_strings_in_the_form_of_azure() {
        try (LocalHub hub = LocalHub.start()) {
            ConnectionString owner = ConnectionString.parse(hub.connectionString("iothubowner"));
            assertThat(owner.hostName()).isEqualTo("localhost");
            assertThat(owner.policyName()).hasValue("iothubowner");
            ConnectionString device = ConnectionString.parse(hub.deviceConnectionString("device1"));
            assertThat(device.identity()).hasValue(Identity.device("device1"));
            assertThatThrownBy(() -> hub.connectionString("nobody"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[nobody]")
                    .hasMessageContaining("iothubowner");
        }
    }

    @Test
    void shows_the_host_it_was_given() {
        LocalHubOptions options = LocalHubOptions.builder().host("Hub.Example").build();
        try (LocalHub hub = LocalHub.start(options)) {
            assertThat(hub.host()).isEqualTo("hub.example");
            assertThat(hub.engine().names().hosts()).contains("localhost", "127.0.0.1", "::1");
        }
    }

    @Test
    void has_the_same_public_keys_in_every_run() {
        String first;
        try (LocalHub hub = LocalHub.start()) {
            first = hub.deviceConnectionString("device1") + hub.connectionString("service");
        }
        try (LocalHub hub = LocalHub.start()) {
            assertThat(hub.deviceConnectionString("device1") + hub.connectionString("service"))
                    .isEqualTo(first);
        }
    }

    @Test
    void listens_on_every_loopback_address() throws Exception {
        try (LocalHub hub = LocalHub.start()) {
            for (String address : List.of("127.0.0.1", "::1")) {
                try (Socket socket = new Socket(InetAddress.getByName(address), hub.mqttPort())) {
                    assertThat(socket.isConnected()).as(address).isTrue();
                }
            }
        }
    }

    @Test
    void two_hubs_beside_each_other_do_not_mix() throws Exception {
        try (LocalHub one = LocalHub.start();
                LocalHub two = LocalHub.start();
                PahoDevice inOne = PahoDevice.of(one, Identity.device("device1"));
                PahoDevice inTwo = PahoDevice.of(two, Identity.device("device1"))) {
            inOne.connect();
            inTwo.connect();
            inOne.publish(EVENTS, "one");
            inTwo.publish(EVENTS, "two");
            assertThat(TestDevices.events(one, Identity.device("device1")))
                    .extracting(e -> e.message().text())
                    .isEqualTo(List.of("one"));
            assertThat(TestDevices.events(two, Identity.device("device1")))
                    .extracting(e -> e.message().text())
                    .isEqualTo(List.of("two"));
        }
    }

    @Test
    void says_which_port_is_taken_and_leaves_nothing_running() throws Exception {
        int before = hubThreads();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            LocalHubOptions options =
                    LocalHubOptions.builder().mqttPort(taken.getLocalPort()).build();
            assertThatThrownBy(() -> LocalHub.start(options))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("[127.0.0.1]")
                    .hasMessageContaining("[" + taken.getLocalPort() + "]");
        }
        await().until(() -> hubThreads() <= before);
    }

    @Test
    void keeps_public_keys_on_loopback() throws Exception {
        LocalHubOptions.Builder everywhere = LocalHubOptions.builder().address(InetAddress.getByName("0.0.0.0"));
        assertThatThrownBy(everywhere::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keys of its own");
    }

    @Test
    void with_keys_of_ones_own_there_is_no_ready_made_device() {
        SymmetricKey own = SymmetricKey.ofBytes("nobody else knows this one".getBytes());
        SharedAccessPolicy policy = new SharedAccessPolicy("iothubowner", EnumSet.allOf(Right.class), own, own);
        LocalHubOptions options = LocalHubOptions.builder()
                .ownPolicies(List.of(policy), List.of(policy))
                .build();
        try (LocalHub hub = LocalHub.start(options)) {
            assertThat(hub.connectionString("iothubowner")).contains(own.base64());
            assertThat(hub.engine().registry().list(10)).isEmpty();
        }
    }

    @Test
    void keeps_its_authority_in_the_folder_it_was_given() throws Exception {
        LocalHubOptions options = LocalHubOptions.builder().caFolder(folder).build();
        byte[] first;
        try (LocalHub hub = LocalHub.start(options)) {
            assertThat(hub.caFile()).isEqualTo(folder.resolve("ca.pem").toAbsolutePath());
            first = Files.readAllBytes(hub.caFile());
        }
        try (LocalHub hub = LocalHub.start(options)) {
            assertThat(Files.readAllBytes(hub.caFile())).isEqualTo(first);
        }
    }

    @Test
    void twenty_starts_and_stops_leave_no_thread_port_or_file() throws Exception {
        oneLife(); // loads classes, and threads of libraries that stay for the life of the JVM
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        long handles = openHandles();
        long files = temporaryFiles();
        for (int i = 0; i < 20; i++) {
            int port = oneLife();
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
                    .isInstanceOf(ConnectException.class);
        }
        await().untilAsserted(() -> assertThat(newThreads(threads)).isEmpty());
        assertThat(openHandles()).isLessThanOrEqualTo(handles + 2);
        assertThat(temporaryFiles()).isEqualTo(files).isZero();
    }

    @Test
    void never_leaves_the_machine() throws Exception {
        try (SocketWatch watch = SocketWatch.start()) {
            oneLife();
            assertThat(watch.peers()).as("it does watch").anyMatch(InetAddress::isLoopbackAddress);
            assertThat(watch.peers()).allMatch(InetAddress::isLoopbackAddress);
        }
    }

    @Test
    void leaves_the_jvms_exception_handler_alone() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        try (LocalHub hub = LocalHub.start()) {
            assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(before);
            assertThat(hub.mqttPort()).isPositive();
        }
    }

    @Test
    void shows_every_packet_decoded_and_keeps_secrets_to_itself() throws Exception {
        Queue<WireTrace.Event> seen = new ConcurrentLinkedQueue<>();
        LocalHubOptions options = LocalHubOptions.builder().trace(seen::add).build();
        try (LocalHub hub = LocalHub.start(options);
                PahoDevice device = PahoDevice.of(hub, Identity.device("device1"))) {
            device.connect();
            device.subscribe("$iothub/twin/res/#", 1);
            device.publish("$iothub/twin/GET/?$rid=1", "");
            device.next();
            device.disconnect();
            await().until(() -> seen.stream().anyMatch(e -> e.kind().equals("DISCONNECT")));
            String signature = PahoDevice.token(
                            hub, Identity.device("device1"), Clock.systemUTC().instant())
                    .replaceAll(".*sig=([^&]*).*", "$1");
            assertThat(seen)
                    .noneMatch(
                            e -> e.summary().contains(signature) || e.summary().matches(".*sig=[^*&]{20}.*"));
        }
        assertThat(seen)
                .filteredOn(e -> e.protocol().equals("MQTT"))
                .filteredOn(e -> e.direction() == Direction.IN)
                .extracting(WireTrace.Event::kind)
                .containsExactly("CONNECT", "SUBSCRIBE", "PUBLISH", "DISCONNECT");
        assertThat(seen)
                .filteredOn(e -> e.direction() == Direction.OUT)
                .extracting(WireTrace.Event::kind)
                .containsExactlyInAnyOrder("CONNACK", "SUBACK", "PUBACK", "PUBLISH");
        assertThat(seen).allMatch(e -> e.summary().contains("device1"));
    }

    private static int oneLife() throws Exception {
        try (LocalHub hub = LocalHub.start();
                PahoDevice device = PahoDevice.of(hub, Identity.device("device1"))) {
            device.connect();
            device.publish(EVENTS, "{}");
            return hub.mqttPort();
        }
    }

    private static int hubThreads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("hubwire"))
                .count();
    }

    private static long openHandles() throws Exception {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    /** Names of threads that were not there before, without those of the JVM, of JNA and of who asks. */
    private static List<String> newThreads(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> !name.startsWith("process reaper")
                        && !name.startsWith("JNA Cleaner")
                        && !name.startsWith("awaitility"))
                .toList();
    }

    /** Of this process: others may run hubs, too. */
    private static long temporaryFiles() throws Exception {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            String ours = "-" + ProcessHandle.current().pid() + "-";
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("hubwire-") && name.contains(ours))
                    .count();
        }
    }
}
