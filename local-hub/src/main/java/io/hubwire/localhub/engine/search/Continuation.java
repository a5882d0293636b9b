package io.hubwire.localhub.engine.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where the next page begins, as an opaque text. It belongs to one query and ends after some time; it is not signed, since
 * whoever may ask the query may read every page of it.
 *
 * @param query the text it belongs to
 * @param after id of the last row; null when rows are counted
 * @param given rows on all pages so far
 * @param end when it is no longer good
 */
record Continuation(String query, @Nullable String after, int given, Instant end) {
    /** What is sent. */
    String token() {
        ObjectNode json = Json.object();
        json.put("q", hash(query));
        json.put("a", after);
        json.put("n", given);
        json.put("e", end.toEpochMilli());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.writeBytes(json));
    }

    /**
     * Reads what came back.
     *
     * @throws HubException 400004 when it was not made here, is another query's, or has ended
     */
    static Continuation read(String token, String query, Instant now) {
        Continuation read = decode(token, query);
        if (!read.end.isAfter(now)) {
            throw invalid("x-ms-continuation has expired at " + read.end + "; ask the query again");
        }
        return read;
    }

    private static Continuation decode(String token, String query) {
        ObjectNode json;
        try {
            json = Json.parseObject(
                    "x-ms-continuation", new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | HubwireException notOurs) {
            throw foreign();
        }
        if (!json.path("q").isTextual()
                || !json.path("e").isNumber()
                || !json.path("n").isInt()) {
            throw foreign();
        }
        if (!json.path("q").asText().equals(hash(query))) {
            throw invalid("x-ms-continuation belongs to another query");
        }
        return new Continuation(
                query,
                json.path("a").textValue(),
                json.path("n").asInt(),
                Instant.ofEpochMilli(json.path("e").asLong()));
    }

    private static String hash(String query) {
        return Integer.toHexString(query.hashCode());
    }

    private static HubException foreign() {
        return invalid("x-ms-continuation is not one that this hub has given");
    }

    private static HubException invalid(String detail) {
        return new HubException(HubError.ARGUMENT_INVALID, detail);
    }
}
