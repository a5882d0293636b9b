/**
 * Benchmarks: ours and a peer, turn by turn in the same run, each in a JVM of its own, on the loopback interface. They
 * print what they measured and judge nothing.
 */
@NullMarked
package io.hubwire.cli.bench;

import org.jspecify.annotations.NullMarked;
