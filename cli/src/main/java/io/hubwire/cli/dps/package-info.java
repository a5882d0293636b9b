/** {@code hubwire dps}: register devices, manage enrollments. */
@NullMarked
package io.hubwire.cli.dps;

import org.jspecify.annotations.NullMarked;
