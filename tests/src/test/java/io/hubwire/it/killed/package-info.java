/** A hub with a data folder is killed again and again while it works; what it acknowledged must be there afterwards. */
@NullMarked
package io.hubwire.it.killed;

import org.jspecify.annotations.NullMarked;
