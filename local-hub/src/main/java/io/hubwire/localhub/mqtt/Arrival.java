package io.hubwire.localhub.mqtt;

import io.hubwire.localhub.engine.AccessControl.DeviceAccess;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A device or module that was let in, and what it brought along.
 *
 * @param modelId the Plug and Play model it says it is, or null
 * @param will what to store should it vanish, or null
 * @param heldBack how long its CONNACK must wait, since too many connect
 */
record Arrival(
        DeviceAccess access,
        @Nullable String modelId,
        @Nullable Will will,
        Duration heldBack) {}
