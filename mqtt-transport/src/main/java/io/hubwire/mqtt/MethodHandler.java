package io.hubwire.mqtt;

/**
 * Carries out a direct method. Runs on the client's callback thread, so one that takes long holds up the others; {@link
 * AsyncMethodHandler} is for those.
 */
@FunctionalInterface
public interface MethodHandler {
    /**
     * The answer to one call.
     *
     * @throws Exception answered with status 500 and the exception's text
     */
    MethodResponse handle(MethodRequest request) throws Exception;
}
