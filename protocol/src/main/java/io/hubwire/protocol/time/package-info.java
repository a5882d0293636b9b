/** Time as it is handed in: {@link java.time.Clock} tells it, {@link io.hubwire.protocol.time.Timer} waits for it. */
@NullMarked
package io.hubwire.protocol.time;

import org.jspecify.annotations.NullMarked;
