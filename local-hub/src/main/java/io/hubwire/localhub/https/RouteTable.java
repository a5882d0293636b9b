package io.hubwire.localhub.https;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** All routes, and the search for one. Immutable. */
final class RouteTable {
    /** What a search found. */
    sealed interface Match {
        /**
         * A route.
         *
         * @param parameters values of the template's holes, decoded
         */
        record Found(Route route, Map<String, String> parameters) implements Match {}

        /**
         * A path that has other methods.
         *
         * @param allowed the methods it has
         * @param api whose path it is
         */
        record WrongMethod(Set<String> allowed, Api api) implements Match {}

        /** No such path. */
        record Unknown() implements Match {}
    }

    private final List<Route> routes;

    RouteTable(List<Route> routes) {
        List<Route> sorted = new ArrayList<>(routes);
        sorted.sort(Comparator.comparing(Route::path));
        this.routes = List.copyOf(sorted);
    }

    Match find(String method, List<String> segments) {
        Set<String> allowed = new TreeSet<>();
        Api api = null;
        for (Route route : routes) {
            Optional<Map<String, String>> parameters = route.path().match(segments);
            if (parameters.isPresent()) {
                if (route.method().equals(method)) {
                    return new Match.Found(route, parameters.get());
                }
                allowed.add(route.method());
                api = api == null ? route.api() : api;
            }
        }
        return api == null ? new Match.Unknown() : new Match.WrongMethod(allowed, api);
    }
}
