package io.hubwire.service;

import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.InvalidInputException;

/**
 * Under which condition a change is made: only to the version with this tag, or to any. Source: service-rest 1.5.
 *
 * @param etag without quotes; {@code *} for any version
 */
public record IfMatch(String etag) {
    private static final String WILDCARD = "*";
    /** Whatever the current version is, so long as there is one. */
    public static final IfMatch ANY = new IfMatch(WILDCARD);

    /** @throws InvalidInputException when the tag is empty or holds a quote, a control character or non-ASCII */
    public IfMatch {
        boolean legal = !etag.isEmpty() && etag.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"');
        if (!legal) {
            throw new InvalidInputException("ETag [" + etag.replaceAll("\\p{Cntrl}", "?")
                    + "] must be printable ASCII without spaces and quotes, at least one character");
        }
    }

    /** The version with this tag; quotes around it are taken off. */
    public static IfMatch of(String etag) {
        boolean quoted = etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"");
        return new IfMatch(quoted ? etag.substring(1, etag.length() - 1) : etag);
    }

    /**
     * Sets the header, quoted as most SDKs do it, the wildcard too. A change of any version may be sent twice; one of a
     * certain version may not, since the first sending gave the version another tag.
     */
    HttpsRequest.Builder on(HttpsRequest.Builder request) {
        request.header("If-Match", header());
        return etag.equals(WILDCARD) ? request.repeatable() : request;
    }

    /** The header's value. */
    String header() {
        return "\"" + etag + "\"";
    }
}
