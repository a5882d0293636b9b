package io.hubwire.mqtt.link;

/** Makes one {@link Wire} for each attempt, so that names are looked up anew each time. */
@FunctionalInterface
public interface WireFactory {
    Wire create();
}
