package io.hubwire.devicehttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.https.HttpsOptions;
import io.hubwire.https.HttpsRequest;
import io.hubwire.https.HttpsResponse;
import io.hubwire.https.ServiceException;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.http.FileUpload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlobTargetTest {
    private static final String TOKEN = "?sv=2018-03-28&sr=b&sig=ab%2Bc%2F%3D&se=2030-01-01T00%3A00%3A00Z&sp=rw";
    private static final HttpsOptions HUB = HttpsOptions.to("hub.example-devices.net")
            .port(8443)
            .connectHost("127.0.0.1")
            .build();

    private static BlobTarget target(String hostName, String token) {
        return new BlobTarget(
                new FileUpload.Ticket("c", hostName, "uploads", "dev1/a b.txt", token), UploadOptions.defaults());
    }

    @Test
    void the_token_goes_as_it_came_and_no_token_of_the_hub() {
        HttpsRequest put = target("acct.blob.core.windows.net", TOKEN).putWhole(new byte[] {1}, "md5==");
        assertThat(put.target()).isEqualTo("/uploads/dev1%2Fa%20b.txt" + TOKEN);
        assertThat(put.headers())
                .containsEntry("x-ms-blob-type", "BlockBlob")
                .containsEntry("Content-MD5", "md5==")
                .doesNotContainKey("Authorization");
        assertThat(put.isRepeatable()).isTrue();
    }

    @Test
    void no_text_of_a_request_shows_the_signature() {
        HttpsRequest put = target("acct.blob.core.windows.net", TOKEN).putBlock("AA==", new byte[0], "md5==");
        assertThat(put.toString())
                .contains("comp=block")
                .doesNotContain("ab%2Bc")
                .doesNotContain("ab+c");
    }

    @ParameterizedTest
    @CsvSource({
        "acct.blob.core.windows.net,acct.blob.core.windows.net,443,",
        "hub.example-devices.net:9443,hub.example-devices.net,9443,127.0.0.1",
        "localhost,localhost,443,",
        "[::1]:8443,::1,8443,"
    })
    void a_host_may_bring_its_port(String hostName, String host, int port, String connectHost) {
        HttpsOptions options = target(hostName, TOKEN).https(HUB);
        assertThat(options.hostName()).isEqualTo(host);
        assertThat(options.port()).isEqualTo(port);
        assertThat(options.connectHost().orElse(null)).isEqualTo(connectHost);
        assertThat(options.clientCertificate()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?", "?sig", "?=x"})
    void a_token_that_is_no_query_is_refused(String token) {
        assertThatThrownBy(() -> target("h", token)).isInstanceOf(RemoteProtocolException.class);
    }

    @Test
    void a_refusal_of_the_store_has_its_name_and_no_secret() {
        HttpsRequest put = target("h", TOKEN).putBlockList(List.of("AA=="), "md5==");
        HttpsResponse refused = new HttpsResponse(
                403, Map.of("x-ms-error-code", "AuthenticationFailed"), "<Error/>".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> BlobTarget.requireSuccess(put, refused))
                .isInstanceOfSatisfying(ServiceException.class, e -> {
                    assertThat(e.errorName()).contains("AuthenticationFailed");
                    assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN);
                    assertThat(e.getMessage()).doesNotContain("ab%2Bc");
                });
    }

    @Test
    void block_ids_are_read_from_the_stores_list() {
        HttpsRequest get = target("h", TOKEN).getBlockList();
        String xml = "<?xml version='1.0'?><BlockList><UncommittedBlocks><Block><Name>AA==</Name><Size>1</Size></Block>"
                + "<Block><Name>AB==</Name><Size>1</Size></Block></UncommittedBlocks></BlockList>";
        assertThat(BlobTarget.blockIds(get, new HttpsResponse(200, Map.of(), xml.getBytes(StandardCharsets.UTF_8))))
                .containsExactlyInAnyOrder("AA==", "AB==");
        assertThat(BlobTarget.blockIds(get, new HttpsResponse(404, Map.of(), new byte[0])))
                .isEmpty();
    }
}
