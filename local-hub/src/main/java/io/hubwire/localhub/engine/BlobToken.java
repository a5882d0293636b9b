package io.hubwire.localhub.engine;

import io.hubwire.auth.SymmetricKey;
import io.hubwire.protocol.PercentEncoding;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A shared access signature of the blob store, {@code ?sv=…&sr=b&sig=…&se=…&sp=rw}: good for one blob or one container,
 * until its end. The form is that of Azure Storage, so that its clients carry it; what is signed is this hub's own.
 *
 * @param scope text of {@code sr}
 * @param expiry text of {@code se}
 * @param permissions text of {@code sp}
 * @param signature text of {@code sig}, decoded once
 */
public record BlobToken(String scope, String expiry, String permissions, String signature) {
    private static final String VERSION = "2018-03-28";

    static BlobToken sign(BlobGate.Scope scope, String resource, Instant expiry, String permissions, SymmetricKey key) {
        String end = DateTimeFormatter.ISO_INSTANT.format(expiry.truncatedTo(ChronoUnit.SECONDS));
        return new BlobToken(
                scope.letter(), end, permissions, signature(scope.letter(), resource, end, permissions, key));
    }

    /** Reads a request's query; parts that are missing are empty, and such a token is never good. */
    public static BlobToken of(Map<String, String> query) {
        return new BlobToken(
                query.getOrDefault("sr", ""),
                query.getOrDefault("se", ""),
                query.getOrDefault("sp", ""),
                query.getOrDefault("sig", ""));
    }

    /** Reads the query of an address as it is written there, without its question mark. */
    public static BlobToken ofQuery(String query) {
        Map<String, String> parts = new HashMap<>();
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals), PercentEncoding.decode(part.substring(equals + 1)));
            }
        }
        return of(parts);
    }

    /** As a query string with its question mark. */
    public String query() {
        return "?sv=" + VERSION + "&sr=" + scope + "&sig=" + PercentEncoding.encode(signature) + "&se="
                + PercentEncoding.encode(expiry) + "&sp=" + permissions;
    }

    /** In constant time. */
    boolean isSignedFor(BlobGate.Scope wanted, String resource, SymmetricKey key) {
        return MessageDigest.isEqual(
                signature(wanted.letter(), resource, expiry, permissions, key).getBytes(StandardCharsets.UTF_8),
                signature.getBytes(StandardCharsets.UTF_8));
    }

    /** Empty when it is no time. */
    Optional<Instant> end() {
        try {
            return Optional.of(Instant.parse(expiry));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    private static String signature(
            String scope, String resource, String expiry, String permissions, SymmetricKey key) {
        String signed = scope + "\n" + resource + "\n" + expiry + "\n" + permissions + "\n" + VERSION;
        return Base64.getEncoder().encodeToString(key.hmacSha256(signed.getBytes(StandardCharsets.UTF_8)));
    }

    /** Without the signature. */
    @Override
    public String toString() {
        return "BlobToken[" + scope + ", " + expiry + ", " + permissions + "]";
    }
}
