package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.localhub.engine.EngineOptions.Files;
import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.http.FileUpload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file's way: asked for, put in blocks or whole, told, noticed by the back end; and all that may be refused. */
@Timeout(60)
class FilesOverHttpsTest {
    private static final MediaType OCTETS = MediaType.get("application/octet-stream");
    private static final String FILES = "/devices/d1/files";
    private static final String NOTICES = "/messages/serviceBound/filenotifications";

    private static HubTls tls;
    private Optional<HubOverHttps> running = Optional.empty();

    /** Where blobs are kept; all that is told about them holds in both. */
    enum Place {
        MEMORY,
        FOLDER
    }

    @BeforeAll
    static void certificate(@TempDir Path folder) throws Exception {
        tls = HubOverHttps.tls(folder);
    }

    private HubOverHttps hub(UnaryOperator<Files> change) throws IOException {
        HubOverHttps hub = new HubOverHttps(tls, o -> o.withFiles(change.apply(o.files())));
        running = Optional.of(hub);
        hub.device("d1");
        return hub;
    }

    private HubOverHttps hub() throws IOException {
        return hub(files -> files);
    }

    @AfterEach
    void stop() {
        running.ifPresent(HubOverHttps::close);
    }

    private static Answer post(HubOverHttps hub, String path, String json) throws IOException {
        return hub.send(
                hub.as(Identity.device("d1"), path + HubOverHttps.VERSION).post(HubOverHttps.body(json)));
    }

    private static FileUpload.Ticket initiate(HubOverHttps hub, String name) throws IOException {
        Answer answer = post(hub, FILES, "{'blobName':'" + name + "'}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return FileUpload.Ticket.parse(answer.bytes());
    }

    private static Answer finish(HubOverHttps hub, String correlationId, boolean success) throws IOException {
        return post(
                hub,
                FILES + "/notifications",
                "{'correlationId':'" + correlationId + "','isSuccess':" + success + ",'statusCode':200}");
    }

    private static Request.Builder blob(HubOverHttps hub, FileUpload.Ticket ticket, String more) {
        return hub.request("/" + ticket.containerName() + "/" + ticket.blobName() + ticket.sasToken() + more);
    }

    private static Answer putBlob(HubOverHttps hub, FileUpload.Ticket ticket, String content) throws IOException {
        return hub.send(
                blob(hub, ticket, "").header("x-ms-blob-type", "BlockBlob").put(bytes(content)));
    }

    private static Answer putBlock(HubOverHttps hub, FileUpload.Ticket ticket, String id, String content)
            throws IOException {
        return hub.send(blob(hub, ticket, "&comp=block&blockid=" + id.replace("=", "%3D"))
                .put(bytes(content)));
    }

    private static Answer putList(HubOverHttps hub, FileUpload.Ticket ticket, String... ids) throws IOException {
        StringBuilder xml = new StringBuilder("<?xml version='1.0' encoding='utf-8'?><BlockList>");
        for (String id : ids) {
            xml.append("<Latest>").append(id).append("</Latest>");
        }
        return hub.send(blob(hub, ticket, "&comp=blocklist").put(bytes(xml + "</BlockList>")));
    }

    private static RequestBody bytes(String text) {
        return RequestBody.create(OCTETS, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void a_file_put_at_once_is_noticed_by_the_back_end() throws Exception {
        HubOverHttps hub = hub();
        FileUpload.Ticket ticket = initiate(hub, "logs/today 1.txt");

        assertThat(ticket.blobName()).isEqualTo("d1/logs/today 1.txt");
        assertThat(ticket.containerName()).isEqualTo("uploads");
        assertThat(ticket.sasToken()).startsWith("?sv=");
        Request.Builder put = hub.request("/uploads/d1%2Flogs%2Ftoday%201.txt" + ticket.sasToken())
                .header("x-ms-blob-type", "BlockBlob")
                .put(bytes("hello"));
        assertThat(hub.send(put).status()).isEqualTo(201);
        assertThat(finish(hub, ticket.correlationId(), true).status()).isEqualTo(204);

        Answer notice = hub.send(hub.owner(NOTICES + HubOverHttps.VERSION));
        assertThat(notice.status()).isEqualTo(200);
        JsonNode record = notice.json();
        assertThat(record.path("deviceId").asText()).isEqualTo("d1");
        assertThat(record.path("blobName").asText()).isEqualTo("d1/logs/today 1.txt");
        assertThat(record.path("blobUri").asText())
                .isEqualTo("https://" + ticket.hostName() + "/uploads/d1/logs/today%201.txt");
        assertThat(record.path("blobSizeInBytes").asLong()).isEqualTo(5);
        assertThat(record.path("enqueuedTimeUtc").asText()).startsWith("2024-01-02T03:04:05");
        assertThat(record.path("lastUpdatedTime").asText()).startsWith("2024-01-02T03:04:05");

        String lock = String.valueOf(notice.headers().get("ETag")).replace("\"", "");
        assertThat(hub.send(hub.owner(NOTICES + "/" + lock + "/abandon" + HubOverHttps.VERSION)
                                .post(RequestBody.create(null, "")))
                        .status())
                .isEqualTo(204);
        Answer again = hub.send(hub.owner(NOTICES + HubOverHttps.VERSION));
        lock = String.valueOf(again.headers().get("ETag")).replace("\"", "");
        assertThat(hub.send(hub.owner(NOTICES + "/" + lock + HubOverHttps.VERSION)
                                .delete())
                        .status())
                .isEqualTo(204);
        assertThat(hub.send(hub.owner(NOTICES + HubOverHttps.VERSION)).status()).isEqualTo(204);
        assertThat(hub.send(hub.owner(NOTICES + "/" + lock + HubOverHttps.VERSION)
                                .delete())
                        .errorCode())
                .isEqualTo("DeviceMessageLockLost");
    }

    @ParameterizedTest
    @EnumSource
    void a_file_put_in_blocks_is_what_the_list_says(Place place, @TempDir Path folder) throws Exception {
        HubOverHttps hub = hub(files -> place == Place.MEMORY ? files : files.inFolder(folder, 1 << 20));
        FileUpload.Ticket ticket = initiate(hub, "f");
        assertThat(putBlock(hub, ticket, "MDE=", "one,").status()).isEqualTo(201);
        assertThat(putBlock(hub, ticket, "MDI=", "two,").status()).isEqualTo(201);
        assertThat(putBlock(hub, ticket, "MDM=", "dropped").status()).isEqualTo(201);
        assertThat(putBlock(hub, ticket, "MDI=", "2,").status()).isEqualTo(201);

        Answer waiting = hub.send(blob(hub, ticket, "&comp=blocklist&blocklisttype=uncommitted"));
        assertThat(waiting.text())
                .contains("<Name>MDE=</Name><Size>4</Size>")
                .contains("<Name>MDI=</Name><Size>2</Size>");
        assertThat(hub.send(blob(hub, ticket, "")).status()).isEqualTo(404);
        assertThat(putList(hub, ticket, "MDI=", "MDE=", "MDI=").status()).isEqualTo(201);

        assertThat(hub.send(blob(hub, ticket, "")).text()).isEqualTo("2,one,2,");
        Answer part = hub.send(blob(hub, ticket, "").header("x-ms-range", "bytes=1-4"));
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.text()).isEqualTo(",one");
        assertThat(part.headers().get("Content-Range")).isEqualTo("bytes 1-4/8");
        assertThat(hub.send(blob(hub, ticket, "&comp=blocklist&blocklisttype=all"))
                        .text())
                .contains("<CommittedBlocks><Block><Name>MDI=</Name><Size>2</Size></Block>")
                .contains("<UncommittedBlocks></UncommittedBlocks>");
        Answer head = hub.send(blob(hub, ticket, "").head());
        assertThat(head.headers().get("Content-Length")).isEqualTo("8");

        assertThat(putBlock(hub, ticket, "MDQ=", "new").status()).isEqualTo(201);
        assertThat(putList(hub, ticket, "MDE=", "MDQ=").status()).isEqualTo(201);
        assertThat(hub.send(blob(hub, ticket, "")).text()).isEqualTo("one,new");
        assertThat(putBlob(hub, ticket, "whole").status()).isEqualTo(201);
        assertThat(hub.send(blob(hub, ticket, "")).text()).isEqualTo("whole");
    }

    @ParameterizedTest
    @EnumSource
    void a_store_without_room_says_so_and_keeps_what_it_has(Place place, @TempDir Path folder) throws Exception {
        HubOverHttps hub =
                hub(files -> place == Place.MEMORY ? files.withMaxBytes(1_000) : files.inFolder(folder, 1_000));
        FileUpload.Ticket ticket = initiate(hub, "f");
        assertThat(putBlob(hub, ticket, "kept").status()).isEqualTo(201);

        Answer full = putBlob(hub, ticket, "x".repeat(1_100));
        assertThat(full.status()).isEqualTo(500);
        assertThat(full.headers().get("x-ms-error-code")).isEqualTo("InternalError");
        assertThat(full.text()).contains("room for 1000 bytes");
        assertThat(hub.send(blob(hub, ticket, "")).text()).isEqualTo("kept");
    }

    @Test
    void a_token_ends_opens_one_blob_and_cannot_be_changed() throws Exception {
        HubOverHttps hub = hub();
        FileUpload.Ticket ticket = initiate(hub, "f");
        FileUpload.Ticket other = initiate(hub, "g");
        FileUpload.Ticket crossed = new FileUpload.Ticket(
                "", ticket.hostName(), ticket.containerName(), ticket.blobName(), other.sasToken());
        FileUpload.Ticket longer = new FileUpload.Ticket(
                "",
                ticket.hostName(),
                ticket.containerName(),
                ticket.blobName(),
                ticket.sasToken().replace("se=2024", "se=2025"));
        FileUpload.Ticket bare =
                new FileUpload.Ticket("", ticket.hostName(), ticket.containerName(), ticket.blobName(), "?");

        for (FileUpload.Ticket bad : new FileUpload.Ticket[] {crossed, longer, bare}) {
            Answer refused = putBlob(hub, bad, "x");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.headers().get("x-ms-error-code")).isEqualTo("AuthenticationFailed");
        }
        assertThat(putBlob(hub, ticket, "x").status()).isEqualTo(201);
        hub.time.advance(Duration.ofHours(1));
        Answer late = putBlob(hub, ticket, "y");
        assertThat(late.status()).isEqualTo(403);
        assertThat(late.text()).contains("<Code>AuthenticationFailed</Code>").contains("over");
    }

    @Test
    void a_body_that_is_not_what_was_sent_is_refused() throws Exception {
        HubOverHttps hub = hub();
        FileUpload.Ticket ticket = initiate(hub, "f");
        String md5 = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest("hello".getBytes(StandardCharsets.UTF_8)));
        Request.Builder put =
                blob(hub, ticket, "").header("x-ms-blob-type", "BlockBlob").header("Content-MD5", md5);

        Answer refused = hub.send(put.put(bytes("hallo")));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.headers().get("x-ms-error-code")).isEqualTo("Md5Mismatch");
        assertThat(hub.send(put.put(bytes("hello"))).status()).isEqualTo(201);
        assertThat(hub.send(blob(hub, ticket, "")).headers().get("Content-MD5")).isEqualTo(md5);
    }

    @ParameterizedTest
    @CsvSource({
        "'',MissingRequiredHeader",
        "&comp=block&blockid=!,InvalidQueryParameterValue",
        "&comp=block,InvalidQueryParameterValue",
        "&comp=lease,InvalidQueryParameterValue",
        "&comp=blocklist,InvalidXmlDocument"
    })
    void what_is_no_request_for_a_blob_is_named(String more, String code) throws Exception {
        HubOverHttps hub = hub();
        FileUpload.Ticket ticket = initiate(hub, "f");
        Answer refused = hub.send(blob(hub, ticket, more).put(bytes("<BlockList><Latest>")));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.headers().get("x-ms-error-code")).isEqualTo(code);
    }

    @Test
    void a_list_cannot_name_a_block_that_is_not_there_nor_reach_outside() throws Exception {
        HubOverHttps hub = hub();
        FileUpload.Ticket ticket = initiate(hub, "f");
        assertThat(putList(hub, ticket, "MDE=").headers().get("x-ms-error-code"))
                .isEqualTo("InvalidBlockList");
        String evil = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>"
                + "<BlockList><Latest>&e;</Latest></BlockList>";
        assertThat(hub.send(blob(hub, ticket, "&comp=blocklist").put(bytes(evil)))
                        .headers()
                        .get("x-ms-error-code"))
                .isEqualTo("InvalidXmlDocument");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=9-", "bytes=5-1", "bytes=-3", "lines=1-2", "bytes=99999999999999999-"})
    void a_range_outside_the_blob_is_refused(String range) throws Exception {
        HubOverHttps hub = hub();
        FileUpload.Ticket ticket = initiate(hub, "f");
        putBlob(hub, ticket, "content");
        assertThat(hub.send(blob(hub, ticket, "").header("Range", range)).status())
                .isEqualTo(416);
    }

    @Test
    void success_without_a_blob_is_taken_and_failure_too_but_neither_is_noticed() throws Exception {
        HubOverHttps hub = hub();
        assertThat(finish(hub, initiate(hub, "f").correlationId(), true).status())
                .isEqualTo(204);
        FileUpload.Ticket failed = initiate(hub, "g");
        putBlob(hub, failed, "half");
        assertThat(finish(hub, failed.correlationId(), false).status()).isEqualTo(204);
        assertThat(hub.send(hub.owner(NOTICES + HubOverHttps.VERSION)).status()).isEqualTo(204);
    }

    @Test
    void the_same_notification_twice_makes_one_notice() throws Exception {
        HubOverHttps hub = hub();
        FileUpload.Ticket ticket = initiate(hub, "f");
        putBlob(hub, ticket, "x");
        assertThat(finish(hub, ticket.correlationId(), true).status()).isEqualTo(204);
        assertThat(finish(hub, ticket.correlationId(), true).status()).isEqualTo(204);
        assertThat(hub.engine.files().notices().next(64).orElseThrow().records())
                .hasSize(1);
    }

    @Test
    void ten_uploads_may_be_open_and_each_that_ends_makes_room() throws Exception {
        HubOverHttps hub = hub();
        FileUpload.Ticket first = initiate(hub, "f0");
        for (int i = 1; i < 10; i++) {
            initiate(hub, "f" + i);
        }
        Answer eleventh = post(hub, FILES, "{'blobName':'f10'}");
        assertThat(eleventh.status()).isEqualTo(403);
        assertThat(eleventh.errorCode()).isEqualTo("DeviceMaximumActiveFileUploadLimitExceeded");
        finish(hub, first.correlationId(), false);
        initiate(hub, "f10");
        hub.time.advance(Duration.ofHours(1));
        initiate(hub, "f11");
    }

    @Test
    void a_correlation_id_is_the_devices_own_and_ends() throws Exception {
        HubOverHttps hub = hub();
        FileUpload.Ticket ticket = initiate(hub, "f");
        hub.device("d2");
        Answer foreign = hub.send(hub.as(
                        Identity.device("d2"), "/devices/d2/files/notifications" + HubOverHttps.VERSION)
                .post(HubOverHttps.body("{'correlationId':'" + ticket.correlationId() + "','isSuccess':true}")));
        assertThat(foreign.errorCode()).isEqualTo("InvalidFileUploadCorrelationId");
        hub.time.advance(Duration.ofHours(1));
        assertThat(finish(hub, ticket.correlationId(), true).errorCode()).isEqualTo("ExpiredFileUploadCorrelationId");
        hub.time.advance(Duration.ofHours(3));
        initiate(hub, "g");
        assertThat(finish(hub, ticket.correlationId(), true).errorCode()).isEqualTo("InvalidFileUploadCorrelationId");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/files | {} | ArgumentInvalid",
                "/files | {'blobName':''} | ArgumentInvalid",
                "/files | {'blobName':'a/../b'} | ArgumentInvalid",
                "/files | {'blobName':'/a'} | ArgumentInvalid",
                "/files | not json | ArgumentInvalid",
                "/files/notifications | {'isSuccess':true} | InvalidFileUploadCorrelationId",
                "/files/notifications | {'correlationId':'?','isSuccess':true} | IotHubFormatError",
                "/files/notifications | {'correlationId':'AAAAAAAAAAAAAAAAAAAA','isSuccess':true}"
                        + " | InvalidFileUploadCorrelationId",
                "/files/notifications | {'correlationId':'AAAAAAAAAAAAAAAAAAAA'} | InvalidFileUploadCompletionStatus"
            })
    void bad_input_is_named(String path, String json, String code) throws Exception {
        Answer refused = post(hub(), "/devices/d1" + path, json);
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.errorCode()).isEqualTo(code);
    }
}
