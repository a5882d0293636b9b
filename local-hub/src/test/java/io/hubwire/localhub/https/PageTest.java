package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageTest {
    private static Page page(List<ObjectNode> all, Map<String, String> headers) {
        HttpFields.Mutable fields = HttpFields.build();
        headers.forEach(fields::put);
        return Page.of(
                all,
                "id",
                new HttpCall(
                        RequestTarget.parse("/", null),
                        Map.of(),
                        fields,
                        new byte[0],
                        new HttpCall.Peer(List.of(), "localhost")));
    }

    private static List<ObjectNode> items(String... ids) {
        return Stream.of(ids).map(id -> Json.object().put("id", id)).toList();
    }

    @Test
    void walks_through_all_items_in_order_of_their_ids() {
        List<ObjectNode> all = items("c", "a", "e", "b", "d");
        List<String> seen = new ArrayList<>();
        String token = "";
        int pages = 0;
        do {
            Page page = page(all, Map.of("x-ms-max-item-count", "2", "x-ms-continuation", token));
            page.items().forEach(item -> seen.add(item.path("id").asText()));
            token = page.continuation().orElse("");
            pages++;
        } while (!token.isEmpty());

        assertThat(seen).containsExactly("a", "b", "c", "d", "e");
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void an_item_that_goes_between_two_pages_takes_no_other_with_it() {
        Page first = page(items("a", "b", "c"), Map.of("x-ms-max-item-count", "2"));
        Page second = page(
                items("b", "c"),
                Map.of("x-ms-continuation", first.continuation().orElseThrow()));

        assertThat(second.items()).isEqualTo(items("c"));
    }

    @Test
    void the_last_page_has_no_continuation_even_when_it_is_full() {
        assertThat(page(items("a", "b"), Map.of("x-ms-max-item-count", "2")).continuation())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "x-ms-max-item-count, 0",
        "x-ms-max-item-count, -1",
        "x-ms-max-item-count, many",
        "x-ms-continuation, !!!",
        "x-ms-continuation, bm90IG91cnM"
    })
    void refuses_sizes_and_tokens_that_make_no_sense(String header, String value) {
        assertThatThrownBy(() -> page(items("a"), Map.of(header, value)))
                .isInstanceOfSatisfying(HubException.class, e -> {
                    assertThat(e.error()).isEqualTo(HubError.ARGUMENT_INVALID);
                    assertThat(e.detail()).contains(header).contains("[" + value + "]");
                });
    }
}
