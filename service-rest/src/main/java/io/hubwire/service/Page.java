package io.hubwire.service;

import java.util.List;
import java.util.Optional;

/**
 * Part of a longer answer. May be short, or empty, and still not the last. Source: service-rest 7.
 *
 * @param items in the service's order
 * @param itemType what they are, as the service says: {@code Twin}, {@code DeviceJob}, {@code JobResponse}, {@code Raw};
 *     possibly empty
 * @param continuation opaque; empty on the last page
 */
public record Page<T>(List<T> items, String itemType, Optional<String> continuation) {
    public Page {
        items = List.copyOf(items);
    }
}
