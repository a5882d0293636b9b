package io.hubwire.auth;

import io.hubwire.auth.KeywordList.Element;

/** What a host name in a connection string may look like. */
final class HostNames {
    private static final int MAX_LENGTH = 253;

    private HostNames() {}

    /**
     * Checks the value and returns it as written. No scheme, no port, no path, ASCII only; a name without a dot is good,
     * since emulators are called {@code localhost}.
     */
    static String check(Element element) {
        String host = element.value();
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean ok = c < 0x80 && (Character.isLetterOrDigit(c) || c == '-' || c == '.' || c == '_');
            if (!ok) {
                throw element.broken("host name [" + printable(host) + "] has an illegal character at its position "
                        + (i + 1) + "; allowed are ASCII letters, digits, - . and _, without scheme, port or path");
            }
        }
        if (host.startsWith(".") || host.endsWith(".") || host.contains("..") || host.length() > MAX_LENGTH) {
            throw element.broken(
                    "host name [" + printable(host) + "] has an empty part or more than " + MAX_LENGTH + " characters");
        }
        return host;
    }

    private static String printable(String host) {
        StringBuilder out = new StringBuilder();
        host.chars().limit(64).forEach(c -> out.append(Character.isISOControl(c) ? '?' : (char) c));
        return host.length() > 64 ? out.append('…').toString() : out.toString();
    }
}
