package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.https.Await;
import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The hub's query language over twins, module twins and jobs, for example {@code SELECT * FROM devices WHERE
 * tags.building = '43'}. Results lag behind by seconds. Failures as {@link ServiceClient} says; a query that does not parse
 * fails with {@code INVALID_ARGUMENT}. Source: service-rest 7.
 */
public final class Queries {
    /** Characters a query may have. */
    private static final int LONGEST = 8_192;

    private final ServiceCalls calls;
    private final Blocking blocking = new Blocking();

    Queries(ServiceCalls calls) {
        this.calls = calls;
    }

    /** The same, waiting. */
    public Blocking blocking() {
        return blocking;
    }

    /**
     * One page of rows, as JSON.
     *
     * @throws InvalidInputException when the query is empty or has more than 8,192 characters
     */
    public CompletableFuture<Page<ObjectNode>> page(String query, PageRequest which) {
        return calls.send(request(query, which))
                .thenApply(answer -> PageReader.read("query result", answer, row -> row));
    }

    /** All rows, page by page; {@code each} runs on the client's threads. */
    public CompletableFuture<Void> forEach(String query, PageRequest from, Consumer<? super ObjectNode> each) {
        return PageReader.forEach(from, which -> page(query, which), each);
    }

    static HttpsRequest.Builder request(String query, PageRequest which) {
        if (query.isBlank() || query.length() > LONGEST) {
            throw new InvalidInputException("query has [" + query.length() + "] characters; it must have 1 to "
                    + LONGEST + ", not all of them blank");
        }
        return which.on(HttpsRequest.post("devices", "query")
                .json(Json.write(Json.object().put("query", query)))
                .repeatable()); // reads only
    }

    /** {@link Queries}, waiting for each page; failures are thrown. */
    public final class Blocking {
        private Blocking() {}

        /** @see Queries#page */
        public Page<ObjectNode> page(String query, PageRequest which) {
            return Await.on(Queries.this.page(query, which));
        }

        /** All rows as JSON; each page is fetched when the one before is used up. */
        public Stream<ObjectNode> stream(String query) {
            return PageReader.stream(PageRequest.first(), which -> page(query, which));
        }

        /** All pages from one on; the first is fetched now, each further one when it is asked for. */
        public Stream<Page<ObjectNode>> pages(String query, PageRequest from) {
            return PageReader.pages(from, which -> page(query, which));
        }

        /** All rows of a query that selects whole twins. */
        public Stream<Twin> twins(String query) {
            return stream(query).map(Twin::read);
        }
    }
}
