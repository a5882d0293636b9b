package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.search.Queries;
import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries over HTTPS: pages, their tokens, modules, refusals. Seven devices d1 to d7, odd ones in building 1. */
@Timeout(60)
class TwinQueriesTest {
    private static HubOverHttps hub;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        hub = new HubOverHttps(HubOverHttps.tls(folder));
        for (int i = 1; i <= 7; i++) {
            Identity device = hub.device("d" + i);
            hub.engine
                    .twins()
                    .patch(
                            device,
                            HubOverHttps.object("{'tags':{'building':" + i % 2 + ",'level':" + i + "}}"),
                            new ETagMatch.Any());
        }
        hub.create(Identity.module("d1", "m1"), "{}");
        hub.create(Identity.module("d2", "m1"), "{}");
        hub.create(Identity.module("d2", "m2"), "{}");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Answer page(String query, @Nullable Integer size, @Nullable String token) throws IOException {
        Request.Builder request = hub.owner("/devices/query" + HubOverHttps.VERSION)
                .post(RequestBody.create(
                        HubOverHttps.JSON, Json.write(Json.object().put("query", query))));
        if (size != null) {
            request.header("x-ms-max-item-count", size.toString());
        }
        if (token != null) {
            request.header("x-ms-continuation", token);
        }
        return hub.send(request);
    }

    /** Ids of all rows, a page in each list. */
    private static List<List<String>> pages(String query, int size) throws IOException {
        List<List<String>> pages = new ArrayList<>();
        String token = null;
        do {
            Answer answer = page(query, size, token);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            List<String> ids = new ArrayList<>();
            for (JsonNode row : answer.json()) {
                ids.add(row.path("deviceId").asText()
                        + (row.has("moduleId") ? "/" + row.path("moduleId").asText() : ""));
            }
            pages.add(ids);
            token = answer.headers().get("x-ms-continuation");
        } while (token != null);
        return pages;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT * FROM devices | 3 | [[d1, d2, d3], [d4, d5, d6], [d7]]",
                "SELECT * FROM devices | 7 | [[d1, d2, d3, d4, d5, d6, d7]]",
                "SELECT * FROM devices | 1000 | [[d1, d2, d3, d4, d5, d6, d7]]",
                "SELECT * FROM devices WHERE tags.building = 1 | 2 | [[d1, d3], [d5, d7]]",
                "SELECT * FROM devices WHERE tags.building = 2 | 2 | [[]]",
                "SELECT deviceId FROM devices WHERE tags.level > 6 | 1 | [[d7]]",
                "SELECT TOP 3 * FROM devices | 2 | [[d1, d2], [d3]]",
                "SELECT TOP 2 * FROM devices | 2 | [[d1, d2]]",
                "SELECT TOP 0 * FROM devices | 2 | [[]]",
                "SELECT * FROM devices.modules | 2 | [[d1/m1, d2/m1], [d2/m2]]",
                "SELECT * FROM devices.modules WHERE deviceId = \"d2\" | 10 | [[d2/m1, d2/m2]]",
                "SELECT * FROM devices.jobs | 10 | [[]]"
            })
    void pages_follow_each_other(String query, int size, String expected) throws IOException {
        assertThat(pages(query, size)).hasToString(expected);
    }

    @Test
    void a_row_of_select_star_is_the_twin() throws IOException {
        assertThat(page("SELECT * FROM devices WHERE deviceId = \"d3\"", null, null)
                        .json()
                        .path(0))
                .isEqualTo(Json.parse("twin", Json.write(hub.engine.twins().get(Identity.device("d3")))));
    }

    @Test
    void aggregates_are_paged_too() throws IOException {
        String query =
                "SELECT tags.building AS b, COUNT() AS n, AVG(tags.level) AS mean FROM devices GROUP BY tags.building";
        Answer first = page(query, 1, null);
        Answer second = page(query, 1, first.headers().get("x-ms-continuation"));

        assertThat(first.text()).isEqualTo("[{\"b\":1,\"n\":4,\"mean\":4}]");
        assertThat(second.text()).isEqualTo("[{\"b\":0,\"n\":3,\"mean\":4}]");
        assertThat(second.headers().get("x-ms-continuation")).isNull();
        assertThat(second.headers().get("x-ms-item-type")).isEqualTo("Raw");
    }

    @Test
    void a_device_made_between_two_pages_neither_doubles_nor_hides_another() throws IOException {
        try (HubOverHttps other = hub.another()) {
            other.device("b");
            other.device("d");
            String query = "SELECT * FROM devices";
            Queries.Page first = other.management.queries().page(query, 1, null);
            other.device("a");
            other.device("c");
            Queries.Page rest = other.management
                    .queries()
                    .page(query, 10, first.continuation().orElseThrow());

            assertThat(first.rows())
                    .extracting(row -> row.path("deviceId").asText())
                    .containsExactly("b");
            assertThat(rest.rows())
                    .extracting(row -> row.path("deviceId").asText())
                    .containsExactly("c", "d");
        }
    }

    @Test
    void a_continuation_ends_after_five_minutes_and_is_good_for_its_query_only() throws IOException {
        try (HubOverHttps other = hub.another()) {
            other.device("a");
            other.device("b");
            String token = other.management
                    .queries()
                    .page("SELECT * FROM devices", 1, null)
                    .continuation()
                    .orElseThrow();

            assertRefused(
                    () -> other.management.queries().page("SELECT deviceId FROM devices", 1, token), "another query");
            other.time.advance(Duration.ofMinutes(5).minusMillis(1));
            assertThat(other.management
                            .queries()
                            .page("SELECT * FROM devices", 1, token)
                            .rows())
                    .hasSize(1);
            other.time.advance(Duration.ofMillis(1));
            assertRefused(() -> other.management.queries().page("SELECT * FROM devices", 1, token), "has expired");
        }
    }

    private static void assertRefused(ThrowingCallable call, String words) {
        assertThatThrownBy(call).isInstanceOf(HubException.class).hasMessageContaining(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "eyJvZmZzZXQiOjF9", "%%%", "e30"})
    void a_token_that_is_none_is_refused(String token) throws IOException {
        Answer answer = page("SELECT * FROM devices", 1, token);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo("ArgumentInvalid");
        assertThat(answer.text()).contains("not one that this hub has given");
    }

    @ParameterizedTest
    @CsvSource({"0, 400", "-1, 400", "x, 400", "1, 200", "1000, 200", "1001, 200"})
    void the_page_size_is_a_number_from_one_on(String size, int status) throws IOException {
        Request.Builder request = hub.owner("/devices/query" + HubOverHttps.VERSION)
                .header("x-ms-max-item-count", size)
                .post(HubOverHttps.body("{'query':'SELECT * FROM devices'}"));

        assertThat(hub.send(request).status()).isEqualTo(status);
    }

    @Test
    void a_mistake_is_told_with_its_place() throws IOException {
        Answer answer = page("SELECT * FROM devices\nWHERE tags.x == 1", null, null);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo("ArgumentInvalid");
        assertThat(answer.json().path("Message").asText())
                .startsWith("ErrorCode:ArgumentInvalid;Invalid query at line 2, column 15: found [=]; expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'query':1}", "{'query':null}", "{'query':''}"})
    void no_query_is_refused(String body) throws IOException {
        Answer answer =
                hub.send(hub.owner("/devices/query" + HubOverHttps.VERSION).post(HubOverHttps.body(body)));

        assertThat(answer.status()).isEqualTo(400);
    }
}
