/**
 * Scheduled jobs: a twin update or a method on every device that meets a condition. Jobs live in memory and in the
 * store, so that they go on after a restart: the newest thousand, for thirty days at most. Everything runs on the hub's
 * timer, in small bites. Source: service-rest 8.
 */
@NullMarked
package io.hubwire.localhub.engine.jobs;

import org.jspecify.annotations.NullMarked;
