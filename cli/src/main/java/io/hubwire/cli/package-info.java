/**
 * The {@code hubwire} command. A command parses, calls one client method, prints and returns an exit code; what several
 * commands need (which hub, how to print, how to say no) lives in {@link io.hubwire.cli.connect} and {@link
 * io.hubwire.cli.output}.
 */
@NullMarked
package io.hubwire.cli;

import org.jspecify.annotations.NullMarked;
