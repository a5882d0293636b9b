package io.hubwire.protocol;

import java.util.regex.Pattern;

/**
 * The last net under text that is about to be shown: in a complaint, a trace, a log. Types that hold a secret mask it
 * themselves; this is for text from outside, where a connection string may stand in the place of a user name.
 */
public final class Secrets {
    /** What stands in place of a secret. */
    public static final String MASK = "***";

    private static final Pattern VALUE = Pattern.compile("(?i)\\b(sig|SharedAccessKey)(=|%3D)[^&;\\s\"]+");

    private Secrets() {}

    /** The text with the values of {@code sig=} and {@code SharedAccessKey=} masked. */
    public static String mask(String text) {
        return VALUE.matcher(text).replaceAll("$1$2" + MASK);
    }
}
