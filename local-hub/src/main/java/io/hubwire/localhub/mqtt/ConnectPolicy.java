package io.hubwire.localhub.mqtt;

/** Decides on a CONNECT; may block for as long as the engine takes, and never throws. */
@FunctionalInterface
public interface ConnectPolicy {
    /** @param link the connection the CONNECT came on */
    ConnectDecision decide(ConnectRequest request, Link link);
}
