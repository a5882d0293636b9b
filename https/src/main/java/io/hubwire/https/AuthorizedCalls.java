package io.hubwire.https;

import io.hubwire.auth.TokenSource;
import io.hubwire.protocol.HubwireException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * Calls to one API by one right: each gets the api-version and, where no certificate speaks for the caller, a token. Safe
 * for any thread.
 */
public final class AuthorizedCalls {
    private static final int UNAUTHORIZED = 401;

    private final HttpsClient https;
    private final Optional<TokenSource> tokens;
    private final Clock clock;
    private final String apiVersion;

    /**
     * Calls through this client, which stays the caller's to close.
     *
     * @param tokens asked on the calling thread, before each call; empty with a client certificate
     * @param clock by which tokens are renewed
     * @param apiVersion sent as it is; the service judges it
     */
    public AuthorizedCalls(HttpsClient https, Optional<TokenSource> tokens, Clock clock, String apiVersion) {
        this.https = https;
        this.tokens = tokens;
        this.clock = clock;
        this.apiVersion = apiVersion;
    }

    /** As {@link #send(HttpsRequest.Builder, BiFunction)}; any status but 200 to 299 is a {@link ServiceException}. */
    public CompletableFuture<HttpsResponse> send(HttpsRequest.Builder request) {
        return send(request, ServiceErrors::requireSuccess);
    }

    /**
     * Sends a request.
     *
     * @param reader makes the result of request and answer, or throws what the answer means; runs on a thread of the client
     * @return a stage that completes with what the reader returns; it fails with what the reader throws, with what the
     *     source of tokens throws, since nothing was sent then, and as {@link HttpsClient#send}
     * @throws IllegalStateException if the client is closed
     */
    public <T> CompletableFuture<T> send(
            HttpsRequest.Builder request, BiFunction<HttpsRequest, HttpsResponse, T> reader) {
        request.query("api-version", apiVersion);
        try {
            tokens.ifPresent(source -> request.header(
                    "Authorization", source.lease(clock.instant()).token().text()));
        } catch (HubwireException noToken) {
            return CompletableFuture.failedFuture(noToken);
        }
        HttpsRequest complete = request.build();
        return https.send(complete).thenApply(response -> {
            if (response.status() == UNAUTHORIZED) {
                tokens.ifPresent(TokenSource::invalidate); // so that the next call signs, or asks for, a new one
            }
            return reader.apply(complete, response);
        });
    }
}
