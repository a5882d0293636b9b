package io.hubwire.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Notices of uploaded files, as a back end gets them over AMQP. */
@Timeout(60)
class FileNoticeReceiverTest {
    private static final HubFixture HUB = new HubFixture();
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration GLANCE = Duration.ofMillis(300);

    @AfterAll
    static void stop() {
        HUB.close();
    }

    /** As the hub makes it when a device says that its upload is done. */
    private static void uploaded(String blobName) {
        ObjectNode record = Json.object()
                .put("deviceId", "dev1")
                .put("blobUri", "https://localhost/uploads/" + blobName)
                .put("blobName", blobName)
                .put("lastUpdatedTime", "2026-01-02T03:04:05.678Z")
                .put("blobSizeInBytes", 42L)
                .put("enqueuedTimeUtc", "2026-01-02T03:04:06Z");
        HUB.hub.engine().files().notices().add(record);
    }

    @Test
    void a_notice_says_which_file_comes_again_when_abandoned_and_is_gone_when_completed() {
        uploaded("dev1/log.txt");
        try (FileNoticeReceiver receiver = FileNoticeReceiver.open(HUB.service, HUB.settings())) {
            FileNotice notice = receiver.next(SOON).orElseThrow();
            assertThat(notice.deviceId()).isEqualTo("dev1");
            assertThat(notice.blobName()).isEqualTo("dev1/log.txt");
            assertThat(notice.blobUri()).isEqualTo("https://localhost/uploads/dev1/log.txt");
            assertThat(notice.blobSizeInBytes()).isEqualTo(42);
            assertThat(notice.lastUpdatedTime()).contains(Instant.parse("2026-01-02T03:04:05.678Z"));
            assertThat(notice.enqueuedTime()).contains(Instant.parse("2026-01-02T03:04:06Z"));
            notice.abandon();
            FileNotice again = receiver.next(SOON).orElseThrow();
            assertThat(again.json()).isEqualTo(notice.json());
            again.complete();
            assertThat(receiver.next(GLANCE)).isEmpty();
        }
        try (FileNoticeReceiver next = FileNoticeReceiver.open(HUB.service, HUB.settings())) {
            assertThat(next.next(GLANCE)).isEmpty();
        }
    }

    @Test
    void a_notice_that_is_rejected_is_dropped_and_one_that_is_not_settled_goes_to_the_next_receiver() {
        uploaded("dev1/unwanted");
        try (FileNoticeReceiver first = FileNoticeReceiver.open(HUB.service, HUB.settings())) {
            FileNotice unwanted = first.next(SOON).orElseThrow();
            assertThat(unwanted.blobName()).isEqualTo("dev1/unwanted");
            unwanted.reject();
            uploaded("dev1/kept"); // when it has come, what was said before has left
            assertThat(first.next(SOON).orElseThrow().blobName()).isEqualTo("dev1/kept");
        }
        try (FileNoticeReceiver second = FileNoticeReceiver.open(HUB.service, HUB.settings())) {
            FileNotice kept = second.next(SOON).orElseThrow();
            assertThat(kept.blobName()).isEqualTo("dev1/kept");
            kept.complete();
            assertThat(second.next(GLANCE)).isEmpty();
        }
    }
}
