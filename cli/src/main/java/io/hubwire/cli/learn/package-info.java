/** For learners and for the puzzled: what a value of the wire means, tokens by hand, what is wrong with a connection. */
@NullMarked
package io.hubwire.cli.learn;

import org.jspecify.annotations.NullMarked;
