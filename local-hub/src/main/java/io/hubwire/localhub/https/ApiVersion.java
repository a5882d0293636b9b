package io.hubwire.localhub.https;

import java.util.regex.Pattern;

/** The {@code api-version} parameter: a date, {@code 2021-04-12}, with or without {@code -preview}. */
final class ApiVersion {
    static final String PARAMETER = "api-version";

    private static final Pattern FORM = Pattern.compile("20\\d\\d-[01]\\d-[0-3]\\d(-preview)?");

    private ApiVersion() {}

    /** Whether this is a version of that date or later. Sources: service-rest 1.4, dps 1. */
    static boolean isKnown(String version, String oldest) {
        return FORM.matcher(version).matches() && version.compareTo(oldest) >= 0;
    }
}
