package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TlsTrust;
import io.hubwire.devicehttp.DeviceHttpOptions;
import io.hubwire.devicehttp.HttpDeviceClient;
import io.hubwire.devicehttp.UploadOptions;
import io.hubwire.devicehttp.UploadResult;
import io.hubwire.https.Await;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.engine.BlobStore;
import io.hubwire.localhub.engine.FeedbackQueue;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files from a device to a local hub and on to the back end, also over a link that breaks. {@code
 * -Dhubwire.upload.megabytes=200} makes the large file as large as that; default 20.
 */
@Timeout(120)
class FileUploadTest {
    private static final int MEGABYTES = Integer.getInteger("hubwire.upload.megabytes", 20);
    private static final int BLOCK = 1 << 20;
    private static final long HEAP_SLACK = 64L << 20;

    @TempDir
    Path folder;

    private Optional<LocalHub> running = Optional.empty();

    private LocalHub hub() {
        LocalHub hub = LocalHub.start(LocalHubOptions.builder()
                .engine(e -> e.withFiles(e.files().inFolder(folder.resolve("blobs"), 1L << 30)))
                .build());
        running = Optional.of(hub);
        return hub;
    }

    @AfterEach
    void stop() {
        running.ifPresent(LocalHub::close);
    }

    private static HttpDeviceClient device(LocalHub hub, int port) {
        return HttpDeviceClient.open(DeviceHttpOptions.of(ConnectionString.parse(hub.deviceConnectionString("device1")))
                .https(h -> h.port(port).trust(TlsTrust.pem(hub.caFile())))
                .build());
    }

    private Path file(long bytes) throws IOException {
        Path file = folder.resolve("file-" + bytes);
        Random random = new Random(bytes);
        byte[] part = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = bytes; left > 0; left -= part.length) {
                random.nextBytes(part);
                out.write(part, 0, (int) Math.min(left, part.length));
            }
        }
        return file;
    }

    private static String md5(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        try (var in = Files.newInputStream(file)) {
            byte[] part = new byte[64 << 10];
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                digest.update(part, 0, n);
            }
        }
        return Base64.getEncoder().encodeToString(digest.digest());
    }

    /** Of what the store holds, read in parts. */
    private static String md5(BlobStore store, String blob) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        long length = store.properties(blob).orElseThrow().length();
        for (long at = 0; at < length; at += BLOCK) {
            digest.update(store.read(blob, at, BLOCK).orElseThrow().bytes());
        }
        return Base64.getEncoder().encodeToString(digest.digest());
    }

    private static List<JsonNode> notices(LocalHub hub) {
        List<JsonNode> all = new ArrayList<>();
        Optional<FeedbackQueue.Batch> batch = hub.engine().files().notices().next(1);
        while (batch.isPresent()) {
            all.addAll(batch.get().records());
            hub.engine().files().notices().complete(batch.get().lockToken());
            batch = hub.engine().files().notices().next(1);
        }
        return all;
    }

    @Test
    void small_files_go_in_one_request_and_the_back_end_hears_of_each() throws Exception {
        LocalHub hub = hub();
        try (HttpDeviceClient device = device(hub, hub.httpsPort())) {
            for (long bytes : new long[] {0, 1, 100_000}) {
                Path file = file(bytes);
                UploadResult result = device.files()
                        .blocking()
                        .upload(file, "logs/a b-" + bytes + "+%.bin", UploadOptions.defaults());

                assertThat(result.blobName()).isEqualTo("device1/logs/a b-" + bytes + "+%.bin");
                assertThat(result.blocks()).isEqualTo(1);
                assertThat(result.md5()).isEqualTo(md5(file));
                assertThat(md5(hub.engine().files().blobs(), "uploads/" + result.blobName()))
                        .isEqualTo(result.md5());
                assertThat(notices(hub)).singleElement().satisfies(notice -> {
                    assertThat(notice.path("blobName").asText()).isEqualTo(result.blobName());
                    assertThat(notice.path("blobUri").asText()).isEqualTo(result.blobUri());
                    assertThat(notice.path("blobSizeInBytes").asLong()).isEqualTo(bytes);
                });
            }
        }
    }

    @Test
    void a_large_file_survives_a_link_that_is_cut_five_times() throws Exception {
        LocalHub hub = hub();
        long size = (long) MEGABYTES << 20;
        Path file = file(size);
        List<Long> cuts =
                LongStream.rangeClosed(1, 5).mapToObj(i -> size * i / 6).toList();
        List<Long> heap = new ArrayList<>();
        List<Long> progress = new ArrayList<>();
        try (CutLink link = new CutLink(hub.httpsPort(), cuts);
                HttpDeviceClient device = device(hub, link.port())) {
            long quarter = size / 4;
            UploadOptions options = UploadOptions.builder()
                    .blockBytes(BLOCK)
                    .progress((done, total) -> {
                        assertThat(total).isEqualTo(size);
                        if (done / quarter >= heap.size()) {
                            heap.add(liveHeap());
                        }
                        progress.add(done);
                    })
                    .build();
            UploadResult result = device.files().blocking().upload(file, "large.bin", options);

            assertThat(link.cuts()).isEqualTo(5);
            assertThat(result.length()).isEqualTo(size);
            assertThat(result.md5())
                    .isEqualTo(md5(file))
                    .isEqualTo(md5(hub.engine().files().blobs(), "uploads/device1/large.bin"));
            assertThat(hub.engine()
                            .files()
                            .blobs()
                            .properties("uploads/device1/large.bin")
                            .orElseThrow()
                            .md5())
                    .isEqualTo(result.md5());
            assertThat(progress).isSorted().endsWith(size);
            assertThat(heap).hasSize(5).allSatisfy(used -> assertThat(used - heap.get(0))
                    .isLessThan(HEAP_SLACK));
            // a cut costs the blocks under way, four at most, and not the file
            assertThat(link.bytes()).isLessThan(size + size / 10 + 5L * 4 * 2 * BLOCK);
            assertThat(notices(hub)).hasSize(1);
        }
    }

    private static long liveHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void an_upload_that_was_left_is_taken_up_where_it_was() throws Exception {
        LocalHub hub = hub();
        Path file = file(6 * BLOCK);
        Path journal = folder.resolve("journal");
        UploadOptions options = UploadOptions.builder()
                .blockBytes(BLOCK)
                .parallel(1)
                .journal(journal)
                .build();
        // what a kill leaves: blocks at the store, the journal's entry, and a hub that was told nothing
        try (CutLink link = new CutLink(hub.httpsPort(), List.of(3L * BLOCK + BLOCK / 2))) {
            HttpDeviceClient half = device(hub, link.port());
            CompletableFuture<UploadResult> upload = half.files()
                    .upload(
                            file,
                            "f.bin",
                            options.with(o -> o.progress((done, total) -> {
                                if (done >= 2L * BLOCK) {
                                    link.close();
                                }
                            })));
            await().until(() -> link.bytes() > 2L * BLOCK
                    && hub.engine()
                                    .files()
                                    .blobs()
                                    .uncommitted("uploads/device1/f.bin")
                                    .size()
                            >= 2);
            half.close();
            assertThat(upload).isCompletedExceptionally();
        }
        assertThat(entries(journal)).hasSize(1);
        redirect(entries(journal).get(0), "localhost:" + hub.httpsPort());

        try (HttpDeviceClient again = device(hub, hub.httpsPort())) {
            UploadResult result = again.files().blocking().upload(file, "f.bin", options);
            assertThat(result.resumedBytes()).isGreaterThanOrEqualTo(2L * BLOCK);
            assertThat(result.blocks() * (long) BLOCK + result.resumedBytes()).isEqualTo(6L * BLOCK);
            assertThat(md5(hub.engine().files().blobs(), "uploads/device1/f.bin"))
                    .isEqualTo(md5(file))
                    .isEqualTo(result.md5());
        }
        assertThat(entries(journal)).isEmpty();
        assertThat(notices(hub)).hasSize(1);
    }

    /** The link of the first try is gone, and its port with it; a real blob service has one address. */
    private static void redirect(Path entry, String hostName) throws IOException {
        var json = Json.parseObject("entry", Files.readAllBytes(entry));
        ((ObjectNode) json.path("ticket")).put("hostName", hostName);
        Files.write(entry, Json.writeBytes(json));
    }

    private static List<Path> entries(Path journal) throws IOException {
        try (Stream<Path> files = Files.list(journal)) {
            return files.toList();
        }
    }

    @Test
    void an_earlier_ticket_that_the_store_refuses_is_given_up_for_a_new_one() throws Exception {
        LocalHub hub = hub();
        Path file = file(3 * BLOCK);
        Path journal = folder.resolve("journal");
        UploadOptions options =
                UploadOptions.builder().blockBytes(BLOCK).journal(journal).build();
        try (CutLink link = new CutLink(hub.httpsPort(), List.of((long) BLOCK));
                HttpDeviceClient device = device(hub, link.port())) {
            device.files().upload(file, "f", options);
            await().until(() -> Files.isDirectory(journal) && link.cuts() > 0);
            link.close();
        }
        Path entry = entries(journal).get(0);
        redirect(entry, "localhost:" + hub.httpsPort());
        Files.writeString(entry, Files.readString(entry).replace("&se=20", "&se=19"));

        try (HttpDeviceClient device = device(hub, hub.httpsPort())) {
            UploadResult result = device.files().blocking().upload(file, "f", options);
            assertThat(result.resumedBytes()).isZero();
            assertThat(md5(hub.engine().files().blobs(), "uploads/device1/f")).isEqualTo(result.md5());
        }
        assertThat(entries(journal)).isEmpty();
        assertThat(notices(hub)).hasSize(1);
    }

    @Test
    void left_overs_are_told_as_failed_and_make_room() throws Exception {
        LocalHub hub = hub();
        Path journal = folder.resolve("journal");
        Path file = file(3 * BLOCK);
        for (int i = 0; i < 10; i++) {
            try (CutLink link = new CutLink(hub.httpsPort(), List.of((long) BLOCK));
                    HttpDeviceClient device = device(hub, link.port())) {
                UploadOptions options = UploadOptions.builder()
                        .blockBytes(BLOCK)
                        .journal(journal)
                        .progress((done, total) -> {})
                        .build();
                device.files().upload(file, "f" + i, options);
                await().until(() -> Files.isDirectory(journal) && link.cuts() > 0);
                link.close();
            }
        }
        try (HttpDeviceClient device = device(hub, hub.httpsPort())) {
            assertThatThrownBy(() -> device.files().blocking().initiate("eleventh"))
                    .isInstanceOfSatisfying(
                            HubwireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED));
            assertThat(device.files().blocking().settleLeftOvers(journal)).isEqualTo(10);
            assertThat(entries(journal)).isEmpty();
            device.files().blocking().initiate("eleventh");
        }
        assertThat(notices(hub)).isEmpty();
    }

    @Test
    void a_failure_in_between_is_told_to_the_hub_and_keeps_no_place() throws Exception {
        LocalHub hub = hub();
        Path file = file(3 * BLOCK);
        try (HttpDeviceClient device = device(hub, hub.httpsPort())) {
            UploadOptions options = UploadOptions.builder()
                    .blockBytes(BLOCK)
                    .progress((done, total) -> {
                        if (done > 0) {
                            throw new IllegalStateException("the caller's own fault");
                        }
                    })
                    .build();
            for (int i = 0; i < 11; i++) {
                assertThatThrownBy(() -> device.files().blocking().upload(file, "f", options))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("the caller's own fault");
            }
            assertThat(notices(hub)).isEmpty();
        }
    }

    @Test
    void a_cancelled_upload_and_a_closed_client_keep_no_place_either() throws Exception {
        LocalHub hub = hub();
        Path file = file(3 * BLOCK);
        for (int i = 0; i < 11; i++) {
            CompletableFuture<Void> halfWay = new CompletableFuture<>();
            HttpDeviceClient device = device(hub, hub.httpsPort());
            UploadOptions options = UploadOptions.builder()
                    .blockBytes(BLOCK)
                    .parallel(1)
                    .progress((done, total) -> {
                        if (done > 0) {
                            halfWay.complete(null);
                        }
                    })
                    .build();
            CompletableFuture<UploadResult> upload = device.files().upload(file, "f", options);
            Await.on(halfWay);
            if (i % 2 == 0) {
                upload.cancel(true);
            }
            device.close();
            assertThat(upload).isCompletedExceptionally();
        }
        try (HttpDeviceClient device = device(hub, hub.httpsPort())) {
            device.files().blocking().upload(file, "f", UploadOptions.defaults());
        }
    }

    @Test
    void a_store_without_room_fails_the_upload_and_nothing_is_noticed() throws Exception {
        LocalHub hub = LocalHub.start(LocalHubOptions.builder()
                .engine(e -> e.withFiles(e.files().withMaxBytes(2 * BLOCK)))
                .build());
        running = Optional.of(hub);
        try (HttpDeviceClient device = device(hub, hub.httpsPort())) {
            UploadOptions options =
                    UploadOptions.builder().blockBytes(BLOCK).attempts(2).build();
            assertThatThrownBy(() -> device.files().blocking().upload(file(3 * BLOCK), "f", options))
                    .isInstanceOfSatisfying(HubwireException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.SERVER_ERROR);
                        assertThat(e.getMessage()).doesNotContain("sig=S").contains("InternalError");
                    });
            assertThat(notices(hub)).isEmpty();
            assertThat(hub.engine()
                            .registry()
                            .get(Identity.device("device1"))
                            .path("deviceId")
                            .asText())
                    .isEqualTo("device1");
        }
    }

    @Test
    void a_file_that_is_not_there_is_said_at_once() {
        LocalHub hub = hub();
        try (HttpDeviceClient device = device(hub, hub.httpsPort())) {
            assertThatThrownBy(() -> device.files().upload(folder.resolve("none"), "f", UploadOptions.defaults()))
                    .isInstanceOfSatisfying(
                            HubwireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED));
        }
    }
}
