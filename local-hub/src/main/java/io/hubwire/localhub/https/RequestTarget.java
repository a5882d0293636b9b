package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes: path segments and query parameters, both percent-decoded.
 *
 * @param path as sent, undecoded
 * @param segments of the path, decoded one by one; empty ones are gone, so {@code /devices} and {@code /devices/} are alike
 * @param query parameters, names without regard to case; a parameter without a value has the empty text
 */
record RequestTarget(String path, List<String> segments, Map<String, String> query) {
    RequestTarget {
        segments = List.copyOf(segments);
        TreeMap<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(query);
        query = Collections.unmodifiableMap(copy);
    }

    /**
     * Reads path and query as they stand in the request line. Azure IoT explorer percent-encodes the whole path, slashes
     * included ({@code /twins%2Fdev1}); no id may hold a slash, so such a path is decoded first and split then.
     *
     * @throws HubException 400004 for a broken percent escape in the path; in the query it is taken literally
     */
    static RequestTarget parse(String rawPath, @Nullable String rawQuery) {
        List<String> raw = split(rawPath);
        List<String> segments = new ArrayList<>();
        if (raw.size() == 1 && raw.get(0).toLowerCase(Locale.ROOT).contains("%2f")) {
            for (String segment : split(decode(raw.get(0)).orElseThrow(() -> broken(rawPath)))) {
                // whether the ids inside were encoded before the whole was cannot be seen; most are not changed by it
                segments.add(decode(segment).orElse(segment));
            }
        } else {
            for (String segment : raw) {
                segments.add(decode(segment).orElseThrow(() -> broken(rawPath)));
            }
        }
        return new RequestTarget(rawPath, segments, query(rawQuery));
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1).replace('+', ' ');
            if (!name.isEmpty()) {
                parameters.put(decode(name).orElse(name), decode(value).orElse(value));
            }
        }
        return parameters;
    }

    private static List<String> split(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return segments;
    }

    /** Decodes once, as UTF-8; empty for a broken escape. */
    private static Optional<String> decode(String text) {
        if (text.indexOf('%') < 0) {
            return Optional.of(text);
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '%') {
                out.write(in[i]);
                continue;
            }
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return Optional.empty();
            }
            out.write(high << 4 | low);
            i += 2;
        }
        return Optional.of(out.toString(StandardCharsets.UTF_8));
    }

    private static HubException broken(String rawPath) {
        return new HubException(
                HubError.ARGUMENT_INVALID, "path [" + rawPath + "] has a % that two hexadecimal digits do not follow");
    }
}
