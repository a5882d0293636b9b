/** Which hub and which device a command means: options, then environment, then the env file of a running local hub. */
@NullMarked
package io.hubwire.cli.connect;

import org.jspecify.annotations.NullMarked;
