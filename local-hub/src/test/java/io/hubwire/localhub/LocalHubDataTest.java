package io.hubwire.localhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.localhub.LocalHubOptions.Data;
import io.hubwire.localhub.engine.C2dQueues.Delivery;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.FeedbackQueue.Batch;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.http.FileUpload;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hub with a data folder, ended in good order or as suddenly as a copy of its folder can tell. */
@Timeout(60)
class LocalHubDataTest {
    private static final Identity DEVICE = Identity.device("kept");

    @TempDir
    private Path folder;

    @TempDir
    private Path copies;

    private static LocalHub start(Path data) {
        return LocalHub.start(LocalHubOptions.builder().data(Data.in(data)).build());
    }

    /** What kill -9 would leave behind at this moment. */
    private Path killed() throws IOException {
        Path copy = copies.resolve("copy");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(folder.relativize(file).toString()));
            }
        }
        return copy;
    }

    @Test
    void has_all_that_was_acknowledged_after_a_sudden_end() throws Exception {
        try (LocalHub hub = start(folder)) {
            assertThat(hub.foundInDataFolder()).isEqualTo("data folder [" + folder + "]: new");
            hub.engine().registry().delete(Identity.device("device1"), new ETagMatch.Any());
            TestDevices.create(hub, DEVICE);
            try (PahoDevice device = PahoDevice.of(hub, DEVICE).manualAcks()) {
                device.connect();
                device.subscribe("devices/kept/messages/devicebound/#", 1);
                device.publish("devices/kept/messages/events/a=b", "telemetry");
            }
            await().until(() -> hub.engine().sessions().current(DEVICE).isEmpty()); // else it would take the messages
            hub.engine()
                    .twins()
                    .patch(DEVICE, Json.parseObject("patch", "{\"tags\":{\"floor\":2}}"), new ETagMatch.Any());
            send(hub, "first");
            send(hub, "second");
            send(hub, "third");
            Object request = new Object();
            Delivery first =
                    hub.engine().c2d().next(DEVICE, request, Instant.MIN).orElseThrow();
            hub.engine().c2d().complete(DEVICE, first.lockToken());
            Delivery second =
                    hub.engine().c2d().next(DEVICE, request, Instant.MIN).orElseThrow();
            hub.engine().c2d().abandon(DEVICE, second.lockToken());
            FileUpload.Ticket ticket = hub.engine().files().initiate(DEVICE.device(), "a.txt", "localhost");
            hub.engine()
                    .files()
                    .blobs()
                    .put(ticket.containerName() + "/" + ticket.blobName(), new byte[3], "text/plain", null);

            try (LocalHub after = start(killed())) {
                assertThat(after.foundInDataFolder())
                        .contains(": 1 devices, 2 C2D messages, 1 events; ")
                        .contains(" 0 unfinished records cut off, 0 damaged files mended");
                assertThatThrownBy(() -> after.engine().registry().get(Identity.device("device1")))
                        .isInstanceOf(HubException.class);
                assertThat(after.engine().twins().get(DEVICE).at("/tags/floor").asInt())
                        .isEqualTo(2);
                assertThat(TestDevices.events(after, DEVICE)).singleElement().satisfies(event -> {
                    assertThat(event.message().text()).isEqualTo("telemetry");
                    assertThat(event.message().properties()).containsEntry("a", "b");
                    assertThat(event.annotations()).containsEntry("iothub-message-source", "Telemetry");
                });
                assertThatThrownBy(() -> after.engine().c2d().complete(DEVICE, second.lockToken()))
                        .isInstanceOf(HubException.class);
                try (PahoDevice device = PahoDevice.of(after, DEVICE)) {
                    assertThat(device.connect())
                            .as("the stored session is there")
                            .isTrue();
                    assertThat(List.of(device.next().body(), device.next().body()))
                            .containsExactly("second", "third");
                }
                Batch feedback = after.engine().feedback().next(64).orElseThrow();
                assertThat(feedback.records())
                        .extracting(r -> r.path("originalMessageId").asText())
                        .contains("first");
                after.engine()
                        .files()
                        .finish(DEVICE.device(), new FileUpload.Outcome(ticket.correlationId(), true, 200, "ok"));
                assertThat(after.engine()
                                .files()
                                .notices()
                                .next(1)
                                .orElseThrow()
                                .records())
                        .singleElement()
                        .satisfies(notice -> assertThat(
                                        notice.path("blobSizeInBytes").asInt())
                                .isEqualTo(3));
            }
        }
    }

    private static void send(LocalHub hub, String id) {
        hub.engine()
                .c2d()
                .enqueue(
                        DEVICE,
                        Message.builder(id)
                                .messageId(id)
                                .system(SystemProperty.ACK, "full")
                                .build());
    }

    @Test
    void remembers_after_an_end_in_good_order_and_forgets_messages_with_their_device() {
        try (LocalHub hub = start(folder)) {
            TestDevices.create(hub, DEVICE);
            send(hub, "m");
            hub.engine().registry().delete(DEVICE, new ETagMatch.Any());
            TestDevices.create(hub, DEVICE);
            assertThat(hub.engine().c2d().pending(DEVICE)).isZero();
        }
        try (LocalHub hub = start(folder)) {
            assertThat(hub.foundInDataFolder())
                    .contains(": 2 devices, 0 C2D messages, 0 events; 0 transactions redone");
            assertThat(hub.engine().c2d().pending(DEVICE)).isZero();
            assertThat(hub.deviceConnectionString("device1")).contains("DeviceId=device1");
            assertThatThrownBy(() -> hub.engine()
                            .files()
                            .finish(
                                    new DeviceId("kept"),
                                    new FileUpload.Outcome("bm90IGEgcmVhbCBvbmU=", true, 200, "")))
                    .isInstanceOf(HubException.class);
        }
    }

    @Test
    void leaves_the_folder_to_the_hub_that_has_it() {
        try (LocalHub hub = start(folder)) {
            assertThatThrownBy(() -> start(folder))
                    .isInstanceOfSatisfying(
                            HubwireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED))
                    .hasMessageContaining("is in use");
            assertThat(hub.deviceConnectionString("device1")).isNotEmpty();
        }
        start(folder).close();
    }
}
