package io.hubwire.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.https.HttpsResponse;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Pages one by one, and all of them in a row. */
final class PageReader {
    private PageReader() {}

    /** Reads a bare array, or the object {@code {"items":[…],"continuationToken":…}} of the description. */
    static <T> Page<T> read(String what, HttpsResponse answer, Function<ObjectNode, T> item) {
        JsonNode body = Json.parse(what, answer.body());
        JsonNode array = Answers.array(what, body.isObject() ? body.path("items") : body);
        List<T> items = new ArrayList<>();
        for (JsonNode element : array) {
            items.add(item.apply(
                    element instanceof ObjectNode object
                            ? object
                            : Json.object().set("value", element)));
        }
        Optional<String> continuation = answer.header("x-ms-continuation")
                .or(() -> Fields.text(body, "continuationToken"))
                .filter(token -> !token.isEmpty());
        String type = answer.header("x-ms-item-type")
                .or(() -> Fields.text(body, "type"))
                .orElse("");
        return new Page<>(items, type, continuation);
    }

    /** Hands each item of each page to {@code each}, one page at a time. */
    static <T> CompletableFuture<Void> forEach(
            PageRequest from, Function<PageRequest, CompletableFuture<Page<T>>> fetch, Consumer<? super T> each) {
        return fetch.apply(from).thenCompose(page -> {
            page.items().forEach(each);
            return next(from, page)
                    .map(request -> forEach(request, fetch, each))
                    .orElseGet(() -> CompletableFuture.completedFuture(null));
        });
    }

    /** All items, each page fetched when the one before is used up. */
    static <T> Stream<T> stream(PageRequest from, Function<PageRequest, Page<T>> fetch) {
        Iterator<T> items = new Iterator<>() {
            private final Deque<T> ready = new ArrayDeque<>();
            private @Nullable PageRequest upcoming = from;

            @Override
            public boolean hasNext() {
                while (ready.isEmpty() && upcoming != null) {
                    Page<T> page = fetch.apply(upcoming);
                    ready.addAll(page.items());
                    upcoming = PageReader.next(upcoming, page).orElse(null);
                }
                return !ready.isEmpty();
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the last page has been read");
                }
                return ready.remove();
            }
        };
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(items, Spliterator.ORDERED), false);
    }

    /** The pages themselves, each fetched when it is asked for. */
    static <T> Stream<Page<T>> pages(PageRequest from, Function<PageRequest, Page<T>> fetch) {
        record Reached<T>(PageRequest request, Page<T> page) {}
        return Stream.iterate(
                        Optional.of(new Reached<>(from, fetch.apply(from))),
                        Optional::isPresent,
                        reached -> reached.flatMap(here -> next(here.request(), here.page()))
                                .map(request -> new Reached<>(request, fetch.apply(request))))
                .map(reached -> reached.orElseThrow().page());
    }

    private static Optional<PageRequest> next(PageRequest request, Page<?> page) {
        return page.continuation().map(token -> {
            if (token.equals(request.continuation())) {
                throw new RemoteProtocolException(
                        "the service gave the same continuation twice; paging would never end");
            }
            return request.after(token);
        });
    }
}
