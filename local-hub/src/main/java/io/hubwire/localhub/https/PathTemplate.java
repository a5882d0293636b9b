package io.hubwire.localhub.https;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A path with holes, {@code /devices/{deviceId}/modules}. Literal segments match without regard to case, since the SDKs
 * differ in it ({@code deviceBound}, {@code devicebound}). A last hole {@code {name...}} takes one
 * segment or more, slashes included.
 */
final class PathTemplate implements Comparable<PathTemplate> {
    private final String text;
    private static final String REST = "...}";

    private final List<String> segments;

    PathTemplate(String text) {
        this.text = text;
        this.segments = text.equals("/") ? List.of() : List.of(text.substring(1).split("/"));
    }

    /** The values of the holes by name, or empty when the path is another one. */
    Optional<Map<String, String>> match(List<String> path) {
        boolean open = text.endsWith(REST);
        if (open ? path.size() < segments.size() : path.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (segment.endsWith(REST)) {
                values.put(
                        segment.substring(1, segment.length() - REST.length()),
                        String.join("/", path.subList(i, path.size())));
            } else if (isHole(segment)) {
                values.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equalsIgnoreCase(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    /** Of two that match one path the more telling first: where one has a literal and the other a hole, the literal. */
    @Override
    public int compareTo(PathTemplate other) {
        int byLength = Integer.compare(segments.size(), other.segments.size());
        if (byLength != 0) {
            return byLength;
        }
        for (int i = 0; i < segments.size(); i++) {
            int byHole = Boolean.compare(isHole(segments.get(i)), isHole(other.segments.get(i)));
            if (byHole != 0) {
                return byHole;
            }
        }
        return text.compareTo(other.text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PathTemplate t && t.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    private static boolean isHole(String segment) {
        return segment.startsWith("{");
    }
}
