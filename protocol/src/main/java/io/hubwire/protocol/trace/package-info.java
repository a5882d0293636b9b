/** Where packets and requests pass on their way, for people who want to watch. */
@NullMarked
package io.hubwire.protocol.trace;

import org.jspecify.annotations.NullMarked;
