/** {@code hubwire tour}: the five tutorials as a chain of steps, each told in one line and shown from the other side. */
@NullMarked
package io.hubwire.cli.tour;

import org.jspecify.annotations.NullMarked;
