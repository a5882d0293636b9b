package io.hubwire.cli.backend;

import io.hubwire.events.Event;

/** How events are shown. One thread. */
interface EventView extends AutoCloseable {
    void show(Event event);

    /** Called about once a second, events or not. */
    default void tick() {}

    @Override
    default void close() {}
}
