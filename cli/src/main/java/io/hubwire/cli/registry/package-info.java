/**
 * A registry as a file of JSON lines: devices and modules with keys and twins as the service's export has them, and
 * enrollments with keys as DPS has them. Written by {@code identity export}, read by {@code identity import} and {@code hub
 * start --seed}. Source: service-rest 2.4 and 9, dps 6.1.
 */
@NullMarked
package io.hubwire.cli.registry;

import org.jspecify.annotations.NullMarked;
