package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.PercentEncoding;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code name=value&name=value} at the end of a user name: values percent-encoded, first of equal names counts. */
final class UserNameParameters {
    static final String API_VERSION = "api-version";

    private final Map<String, @Nullable String> values = new LinkedHashMap<>();

    static UserNameParameters parse(String text) {
        UserNameParameters parameters = new UserNameParameters();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : PercentEncoding.decode(pair.substring(equals + 1));
            parameters.values.putIfAbsent(name, value);
        }
        return parameters;
    }

    /** The decoded value, or null when absent or empty. */
    @Nullable
    String get(String name) {
        String value = values.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    UserNameParameters put(String name, @Nullable String value) {
        values.put(name, value);
        return this;
    }

    /** Those that have a value. */
    String format() {
        StringBuilder out = new StringBuilder();
        values.forEach((name, value) -> {
            if (value != null) {
                out.append(out.isEmpty() ? "" : "&").append(name).append('=').append(PercentEncoding.encode(value));
            }
        });
        return out.toString();
    }
}
