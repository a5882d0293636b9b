/** The JVMs that a benchmark forks: each plays one role, reads requests as JSON lines and answers with one line each. */
@NullMarked
package io.hubwire.cli.bench.child;

import org.jspecify.annotations.NullMarked;
