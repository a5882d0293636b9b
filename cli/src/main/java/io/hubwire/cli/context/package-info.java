/** What every command is given: surroundings, global options, targets, clients. */
@NullMarked
package io.hubwire.cli.context;

import org.jspecify.annotations.NullMarked;
