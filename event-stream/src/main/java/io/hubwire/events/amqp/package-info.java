/**
 * AMQP 1.0 as this module needs it, below its public API: one connection with its thread, links, requests with answers.
 * {@link io.hubwire.events.amqp.AmqpException} is what callers get to see of it; the rest is public so that the package
 * above can use it, not an API for others, and free to change.
 */
@NullMarked
package io.hubwire.events.amqp;

import org.jspecify.annotations.NullMarked;
