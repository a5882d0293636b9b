package io.hubwire.devicehttp;

import io.hubwire.auth.TokenSource;
import io.hubwire.https.HttpsClient;
import io.hubwire.https.HttpsRequest;
import io.hubwire.https.HttpsResponse;
import io.hubwire.https.ServiceErrors;
import io.hubwire.protocol.HubwireException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What every call to the hub has in common: the api-version, the token if there is one, and errors as exceptions. */
final class DeviceCalls {
    private static final int UNAUTHORIZED = 401;

    private final HttpsClient https;
    private final Optional<TokenSource> tokens;
    private final Clock clock;
    private final String apiVersion;

    DeviceCalls(HttpsClient https, Optional<TokenSource> tokens, Clock clock, String apiVersion) {
        this.https = https;
        this.tokens = tokens;
        this.clock = clock;
        this.apiVersion = apiVersion;
    }

    /** Completes with an answer of 200 to 299; anything else is a {@link io.hubwire.https.ServiceException}. */
    CompletableFuture<HttpsResponse> send(HttpsRequest.Builder request) {
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
            return ServiceErrors.requireSuccess(complete, response);
        });
    }
}
