/** {@code hubwire hub}: starts, shows and stops a local hub. */
@NullMarked
package io.hubwire.cli.hub;

import org.jspecify.annotations.NullMarked;
