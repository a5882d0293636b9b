package io.hubwire.localhub.amqp;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a token opens: a host and a path below it. Scheme, user, port, slashes at the ends and case mean nothing. Source:
 * amqp 1.2.
 *
 * @param host lower case, without a port
 * @param path lower case, no slash at either end; empty for everything below the host
 */
record TokenScope(String host, String path) {
    private static final Pattern FORM =
            Pattern.compile("^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?(\\[[^\\]/]*\\]|[^/:]*)(?::\\d+)?(/.*)?$");

    /** Reads {@code sb://ns/entity/…}, {@code host}, {@code https://host:5671/}; anything has some audience. */
    static TokenScope parse(String text) {
        Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            return new TokenScope(text.strip().toLowerCase(Locale.ROOT), "");
        }
        String path = form.group(2) == null ? "" : form.group(2);
        return new TokenScope(form.group(1), NodeAddress.normalise(path));
    }

    /** Whether {@code inner} is this path or lies below it, segment by segment. Both lower case. */
    static boolean covers(String outer, String inner) {
        return outer.isEmpty() || inner.equals(outer) || inner.startsWith(outer + "/");
    }
}
