package io.hubwire.service;

import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.InvalidInputException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a longer answer. Source: service-rest 7.
 *
 * @param size how many items at most, 1 to 1,000; empty for the service's own choice. The service may send fewer
 * @param continuation of the page before; null for the first
 */
public record PageRequest(OptionalInt size, @Nullable String continuation) {
    private static final int LARGEST = 1_000;

    /** @throws InvalidInputException when the size is out of range */
    public PageRequest {
        if (size.isPresent() && (size.getAsInt() < 1 || size.getAsInt() > LARGEST)) {
            throw new InvalidInputException("page size [" + size.getAsInt() + "] must be 1 to " + LARGEST);
        }
    }

    /** The first page, as large as the service likes. */
    public static PageRequest first() {
        return new PageRequest(OptionalInt.empty(), null);
    }

    /** The first page. */
    public static PageRequest first(int size) {
        return new PageRequest(OptionalInt.of(size), null);
    }

    /** The same size, from there on. */
    public PageRequest after(String continuationOfLastPage) {
        return new PageRequest(size, continuationOfLastPage);
    }

    HttpsRequest.Builder on(HttpsRequest.Builder request) {
        size.ifPresent(n -> request.header("x-ms-max-item-count", Integer.toString(n)));
        if (continuation != null) {
            request.header("x-ms-continuation", continuation);
        }
        return request;
    }
}
