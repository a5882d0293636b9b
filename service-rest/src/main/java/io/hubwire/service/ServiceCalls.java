package io.hubwire.service;

import io.hubwire.auth.TokenSource;
import io.hubwire.https.AuthorizedCalls;
import io.hubwire.https.HttpsClient;
import io.hubwire.https.HttpsRequest;
import io.hubwire.https.HttpsResponse;
import io.hubwire.https.ServiceErrors;
import io.hubwire.protocol.InvalidInputException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** What every call has in common: the api-version, the token, and errors as exceptions. */
final class ServiceCalls {
    private final AuthorizedCalls calls;
    private final String apiVersion;

    ServiceCalls(HttpsClient https, TokenSource tokens, Clock clock, String apiVersion) {
        this.calls = new AuthorizedCalls(https, Optional.of(tokens), clock, apiVersion);
        this.apiVersion = apiVersion;
    }

    /**
     * Versions are dates, so that they compare as text.
     *
     * @throws InvalidInputException when this client speaks an older one
     */
    void requireVersion(String oldest, String what) {
        if (apiVersion.compareTo(oldest) < 0) {
            throw new InvalidInputException(what + " needs api-version " + oldest + " or newer; this client speaks ["
                    + apiVersion + "], see ServiceOptions.Builder.apiVersion");
        }
    }

    /** Completes with an answer of 200 to 299; anything else is a {@link io.hubwire.https.ServiceException}. */
    CompletableFuture<HttpsResponse> send(HttpsRequest.Builder request) {
        return calls.send(request);
    }

    /** Completes with an answer that {@code expected} takes; any other is a ServiceException. */
    CompletableFuture<HttpsResponse> send(HttpsRequest.Builder request, Predicate<HttpsResponse> expected) {
        return calls.send(
                request, (sent, answer) -> expected.test(answer) ? answer : ServiceErrors.requireSuccess(sent, answer));
    }
}
