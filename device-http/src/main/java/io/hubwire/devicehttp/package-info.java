/**
 * A device or module over HTTPS: telemetry, cloud-to-device messages with lock tokens, file upload. What HTTPS does not
 * offer (twins, direct methods, messages as they come) is for {@code io.hubwire.mqtt}. Source: device-http.
 */
@NullMarked
package io.hubwire.devicehttp;

import org.jspecify.annotations.NullMarked;
