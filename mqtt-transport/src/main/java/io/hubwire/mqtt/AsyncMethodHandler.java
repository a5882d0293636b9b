package io.hubwire.mqtt;

import java.util.concurrent.CompletionStage;

/** Carries out a direct method elsewhere and answers later. Called on the client's callback thread. */
@FunctionalInterface
public interface AsyncMethodHandler {
    /**
     * Begins one call.
     *
     * @return completes with the answer; if exceptionally, the answer is status 500 with the exception's text. The service
     *     waits for 30 seconds unless its caller said otherwise; an answer that comes too late is dropped there
     * @throws Exception as if the stage had failed with it
     */
    CompletionStage<MethodResponse> handle(MethodRequest request) throws Exception;
}
