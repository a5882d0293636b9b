/**
 * The hub without a network: registry, twins, C2D queues, methods, event log, enrollments, access rights. The interfaces
 * here are what the endpoints see; every refusal is a {@link io.hubwire.localhub.engine.HubException}. All are
 * thread-safe. Time comes from the one clock and timer of {@link io.hubwire.localhub.engine.Hub}.
 */
@NullMarked
package io.hubwire.localhub.engine;

import org.jspecify.annotations.NullMarked;
