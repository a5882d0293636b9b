/** Load generators of the benchmarks and what they measure. They run in JVMs of their own; loopback only. */
@NullMarked
package io.hubwire.cli.bench.load;

import org.jspecify.annotations.NullMarked;
