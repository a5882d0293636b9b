/** Commands that act as a device: send, simulate, listen, twin. */
@NullMarked
package io.hubwire.cli.device;

import org.jspecify.annotations.NullMarked;
