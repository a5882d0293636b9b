package io.hubwire.https;

import io.hubwire.protocol.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Requests and answers as one line for a {@link io.hubwire.protocol.trace.WireTrace}, secrets masked. Pure. */
final class WireText {
    private static final String MASK = Secrets.MASK;
    private static final int LONGEST_BODY = 4_096;
    private static final Set<String> SECRET_HEADERS =
            Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");
    /** Members of hub and DPS bodies that hold keys, at any depth. */
    private static final String SECRET_NAMES =
            "(?:primaryKey|secondaryKey|sharedAccessKey|symmetricKey|authenticationKey"
                    + "|storageRootKey|connectionString)";

    private static final Pattern SECRET_MEMBER =
            Pattern.compile("(?i)((?<!\\\\)\"" + SECRET_NAMES + "\"\\s*:\\s*\")(?:[^\"\\\\]|\\\\.)*");
    /** The same in JSON text inside a JSON string, as error bodies have it: quotes are escaped. */
    private static final Pattern NESTED_SECRET_MEMBER =
            Pattern.compile("(?i)(\\\\\"" + SECRET_NAMES + "\\\\\"\\s*:\\s*\\\\\")(?:[^\"\\\\]|\\\\(?!\"))*");

    private WireText() {}

    /** Query, headers and body of a request. */
    static String of(HttpsRequest request) {
        StringJoiner out = new StringJoiner(" ");
        request.query().forEach((name, value) -> out.add(oneLine(mask(name + "=" + value))));
        addHeaders(out, request.headers());
        addBody(out, request.headers().get("Content-Type"), request.sharedBody());
        return out.toString();
    }

    /** Status, headers and body of an answer. */
    static String of(HttpsResponse response) {
        StringJoiner out = new StringJoiner(" ");
        out.add(Integer.toString(response.status()));
        addHeaders(out, response.headers());
        addBody(out, response.headers().get("Content-Type"), response.body());
        return out.toString();
    }

    private static void addHeaders(StringJoiner out, Map<String, String> headers) {
        headers.forEach((name, value) -> out.add(name + "=[" + header(name, value) + "]"));
    }

    static String header(String name, String value) {
        boolean sas = value.startsWith("SharedAccessSignature ");
        boolean secret = SECRET_HEADERS.contains(name.toLowerCase(Locale.ROOT));
        return secret && !sas ? MASK : oneLine(mask(value));
    }

    private static void addBody(StringJoiner out, @Nullable String contentType, byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            return;
        }
        if (!isText(contentType)) {
            out.add("body=" + body.length + " bytes");
            return;
        }
        // masked before it is cut: half a member would not be recognized
        String text = oneLine(mask(new String(body, StandardCharsets.UTF_8)));
        boolean cut = text.length() > LONGEST_BODY;
        out.add("body=" + (cut ? text.substring(0, LONGEST_BODY) + "… (" + body.length + " bytes)" : text));
    }

    private static boolean isText(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.startsWith("text/") || type.contains("json") || type.contains("xml");
    }

    static String mask(String text) {
        String masked = SECRET_MEMBER.matcher(Secrets.mask(text)).replaceAll("$1" + MASK);
        return NESTED_SECRET_MEMBER.matcher(masked).replaceAll("$1" + MASK);
    }

    static String oneLine(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.chars().forEach(c -> out.append(Character.isISOControl(c) ? ' ' : (char) c));
        return out.toString();
    }
}
