/** What Hubwire is measured against: bare Eclipse Paho, and a HiveMQ with nothing of ours in it. */
@NullMarked
package io.hubwire.cli.bench.peer;

import org.jspecify.annotations.NullMarked;
