/** Counts into Micrometer. Needs {@code io.micrometer:micrometer-core} on the class path, which nothing else here does. */
@NullMarked
package io.hubwire.mqtt.micrometer;

import org.jspecify.annotations.NullMarked;
