/** The local hub in a HiveMQ container, for tests. */
@NullMarked
package io.hubwire.container;

import org.jspecify.annotations.NullMarked;
