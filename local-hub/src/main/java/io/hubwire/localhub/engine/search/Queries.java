package io.hubwire.localhub.engine.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.query.Aggregation;
import io.hubwire.localhub.engine.query.HubQuery;
import io.hubwire.localhub.engine.query.QueryException;
import io.hubwire.localhub.engine.query.Source;
import io.hubwire.protocol.HubError;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Queries, page by page. A page begins behind the last row of the one before, so that what comes and goes between two
 * pages neither shifts nor doubles the others; the rows of an aggregate are counted anew for each page. Unlike the real
 * service's, results do not lag behind. Thread-safe; reads on the caller's thread.
 */
public final class Queries {
    private static final int MAX_CHUNK = 500;

    private final Map<Source, Rows> collections;
    private final Clock clock;
    private final Duration tokenLife;

    /**
     * One page.
     *
     * @param itemType {@code Twin}, {@code DeviceJob} or {@code Raw}
     * @param continuation for the next page; empty on the last
     */
    public record Page(String itemType, List<ObjectNode> rows, Optional<String> continuation) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Reads from the collections.
     *
     * @param collections one for each source
     * @param tokenLife how long a continuation is good
     */
    public Queries(Map<Source, Rows> collections, Clock clock, Duration tokenLife) {
        this.collections = new EnumMap<>(collections);
        this.clock = clock;
        this.tokenLife = tokenLife;
    }

    /**
     * A page of a query.
     *
     * @param size rows at most, at least 1
     * @param continuation of the page before; null for the first
     * @throws HubException 400004 for a query that does not parse, with its place, and for a continuation that is none
     */
    public Page page(String text, int size, @Nullable String continuation) {
        HubQuery query = parse(text);
        Continuation from = continuation == null
                ? new Continuation(text, null, 0, clock.instant())
                : Continuation.read(continuation, text, clock.instant());
        return query.isAggregate() ? aggregate(query, from, size) : rows(query, from, size);
    }

    private static HubQuery parse(String text) {
        try {
            return HubQuery.parse(text);
        } catch (QueryException e) {
            throw new HubException(HubError.ARGUMENT_INVALID, String.valueOf(e.getMessage()));
        }
    }

    private Page rows(HubQuery query, Continuation from, int size) {
        int left = query.top().orElse(Integer.MAX_VALUE) - from.given();
        int wanted = Math.min(size, left);
        List<Rows.Row> found = new ArrayList<>();
        // one more than wanted tells whether there is another page
        forEach(query, from.after(), wanted < left ? wanted + 1 : wanted, found::add);
        List<Rows.Row> page = found.subList(0, Math.min(wanted, found.size()));
        Optional<String> next = found.size() > wanted && wanted > 0
                ? Optional.of(token(from, page.get(wanted - 1).id(), wanted))
                : Optional.empty();
        return new Page(
                query.itemType(),
                page.stream().map(row -> query.row(row.document())).toList(),
                next);
    }

    private Page aggregate(HubQuery query, Continuation from, int size) {
        Aggregation aggregation = query.aggregation();
        forEach(query, null, Integer.MAX_VALUE, row -> aggregation.add(row.document()));
        List<ObjectNode> all = aggregation.rows();
        int end = Math.min(all.size(), query.top().orElse(Integer.MAX_VALUE));
        int begin = Math.min(from.given(), end);
        int until = (int) Math.min((long) begin + size, end);
        Optional<String> next = until < end ? Optional.of(token(from, null, until - begin)) : Optional.empty();
        return new Page(query.itemType(), all.subList(begin, until), next);
    }

    private String token(Continuation from, @Nullable String after, int given) {
        return new Continuation(
                        from.query(),
                        after,
                        from.given() + given,
                        clock.instant().plus(tokenLife))
                .token();
    }

    /** Hands over what passes WHERE, so many at most. */
    private void forEach(HubQuery query, @Nullable String after, int atMost, Consumer<Rows.Row> each) {
        Rows rows = collections.get(query.source());
        if (rows == null) {
            throw new IllegalStateException("no rows for " + query.source());
        }
        int given = 0;
        int chunk = Math.min(atMost, MAX_CHUNK);
        String last = after;
        while (given < atMost) {
            List<Rows.Row> page = rows.page(last, chunk);
            chunk = Math.min(2 * chunk, MAX_CHUNK); // few pass: no need to read in small bites
            if (page.isEmpty()) {
                return;
            }
            for (Rows.Row row : page) {
                if (query.matches(row.document())) {
                    each.accept(row);
                    if (++given >= atMost) {
                        return;
                    }
                }
            }
            last = page.get(page.size() - 1).id();
        }
    }
}
