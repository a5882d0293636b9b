/** The devices of the tutorials: what they send, answer and report. Used by the tour, by commands and as examples. */
@NullMarked
package io.hubwire.cli.tutorial;

import org.jspecify.annotations.NullMarked;
