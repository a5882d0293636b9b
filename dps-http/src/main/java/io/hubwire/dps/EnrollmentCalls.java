package io.hubwire.dps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.TokenSource;
import io.hubwire.https.AuthorizedCalls;
import io.hubwire.https.HttpsClient;
import io.hubwire.https.HttpsRequest;
import io.hubwire.https.HttpsResponse;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What every call of the service API has in common: api-version, token, errors, ETags, pages. Source: dps 6 and 6.3. */
final class EnrollmentCalls {
    private static final String CONTINUATION = "x-ms-continuation";
    private static final int LARGEST_PAGE = 1_000;

    private final AuthorizedCalls calls;

    EnrollmentCalls(HttpsClient https, TokenSource tokens, Clock clock, String apiVersion) {
        this.calls = new AuthorizedCalls(https, Optional.of(tokens), clock, apiVersion);
    }

    /** Completes with an answer of 200 to 299; any other is a {@link DpsException}. */
    CompletableFuture<HttpsResponse> send(HttpsRequest.Builder request) {
        return calls.send(request, DpsErrors::requireSuccess);
    }

    /** As {@link #send}, read as one object. */
    <T> CompletableFuture<T> sendFor(HttpsRequest.Builder request, Function<ObjectNode, T> reader) {
        return send(request).thenApply(response -> reader.apply(Json.parseObject("DPS's answer", response.body())));
    }

    /** Any version, so long as there is one. */
    static HttpsRequest.Builder ifAny(HttpsRequest.Builder request) {
        return request.header("If-Match", "*");
    }

    /** Only the version with this tag; quotes that stand inside the JSON text already are not doubled. */
    static HttpsRequest.Builder ifMatch(HttpsRequest.Builder request, String etag) {
        boolean quoted = etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"");
        return request.header("If-Match", quoted ? etag : "\"" + etag + "\"");
    }

    /**
     * One page.
     *
     * @param size 1 to 1,000; 0 for the service's own choice
     * @param continuation of the page before; null for the first
     */
    <T> CompletableFuture<Page<T>> page(
            HttpsRequest.Builder request, int size, @Nullable String continuation, Function<ObjectNode, T> item) {
        if (size < 0 || size > LARGEST_PAGE) {
            throw new InvalidInputException(
                    "page size [" + size + "] must be 1 to " + LARGEST_PAGE + ", or 0 for the service's own choice");
        }
        if (size > 0) {
            request.header("x-ms-max-item-count", Integer.toString(size));
        }
        if (continuation != null) {
            request.header(CONTINUATION, continuation);
        }
        return send(request.repeatable())
                .thenApply(response -> new Page<>(
                        items(Json.parse("DPS's answer", response.body()), item),
                        response.header(CONTINUATION).filter(c -> !c.isEmpty())));
    }

    /** Hands over each item of each page, one page at a time. */
    static <T> CompletableFuture<Void> forEach(
            @Nullable String from,
            Function<@Nullable String, CompletableFuture<Page<T>>> fetch,
            Consumer<? super T> each) {
        return fetch.apply(from).thenCompose(page -> {
            page.items().forEach(each);
            String next = page.continuation().orElse(null);
            if (next == null) {
                return CompletableFuture.completedFuture(null);
            }
            if (next.equals(from)) {
                throw new RemoteProtocolException("DPS gave the same continuation twice; paging would never end");
            }
            return forEach(next, fetch, each);
        });
    }

    private static <T> List<T> items(JsonNode body, Function<ObjectNode, T> item) {
        if (!body.isArray()) {
            throw new RemoteProtocolException(
                    "DPS answered a query with JSON of kind [" + body.getNodeType() + "]; it must be an array");
        }
        List<T> items = new ArrayList<>();
        for (JsonNode element : body) {
            if (!(element instanceof ObjectNode object)) {
                throw new RemoteProtocolException("DPS answered a query with an element of kind ["
                        + element.getNodeType() + "]; it must be an object");
            }
            items.add(item.apply(object));
        }
        return items;
    }
}
