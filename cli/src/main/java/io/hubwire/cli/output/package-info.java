/** How a command speaks: text or JSON on standard output, one line on standard error, an exit code. */
@NullMarked
package io.hubwire.cli.output;

import org.jspecify.annotations.NullMarked;
