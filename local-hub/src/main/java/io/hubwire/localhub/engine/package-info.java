/**
 * The hub without a network: registry, twins, C2D queues, methods, event log, enrollments, access rights. The interfaces
 * here are what the endpoints see; every refusal is a {@link io.hubwire.localhub.engine.HubException}. All are
 * thread-safe. Time comes from the one clock and timer of {@link io.hubwire.localhub.engine.Hub}.
 *
 * <p><b>Locks</b>, in the order in which they may be taken; nobody takes two of one kind:
 *
 * <ol>
 *   <li>the device's (registry and twins of a device and its modules; {@code DeviceLocks}). Held while the store is asked
 *       and while the change is handed to the session ({@code desiredChanged}, {@code close}), so that what a device is
 *       told comes in the order in which it was stored;
 *   <li>a C2D queue's;
 *   <li>leaves, under which nothing of another class is called but clock and timer: feedback, a partition, a session's
 *       method calls, the limit on polls.
 * </ol>
 *
 * The words to others that follow from a change of a queue, of feedback or of a partition (sessions, listeners, futures)
 * go out when its lock is given back.
 */
@NullMarked
package io.hubwire.localhub.engine;

import org.jspecify.annotations.NullMarked;
