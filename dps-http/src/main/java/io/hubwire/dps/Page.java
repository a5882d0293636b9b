package io.hubwire.dps;

import java.util.List;
import java.util.Optional;

/**
 * Part of a longer answer. May be empty and still not the last.
 *
 * @param items in the service's order
 * @param continuation opaque; hand it in for the next page. Empty on the last
 */
public record Page<T>(List<T> items, Optional<String> continuation) {
    public Page {
        items = List.copyOf(items);
    }
}
