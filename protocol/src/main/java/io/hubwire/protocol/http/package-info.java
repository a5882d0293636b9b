/**
 * Messages as HTTPS carries them: headers and bodies of telemetry, of cloud-to-device messages on their way in and out; and
 * the head of an answer where HTTP is only the way to something else.
 * Sources: device-http 2 and 3, service-rest 13.2; RFC 9112.
 */
@NullMarked
package io.hubwire.protocol.http;

import org.jspecify.annotations.NullMarked;
